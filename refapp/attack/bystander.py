"""Another program on the display: a window whose title is the mark, and which has copied the mark.

Says its window's number in one line. For each line that it is told it takes the keyboard, as if the
person went there, and says so. Ends with its standard input. Isolated Python, standard library
only.
"""

import sys
import tkinter


def main(mark: str) -> None:
    root = tkinter.Tk()
    root.title(mark)
    root.geometry("300x200+0+0")
    root.clipboard_clear()
    root.clipboard_append(mark)
    root.wait_visibility()
    # The window that bears the title is Tk's wrapper, made right after.
    sys.stdout.write(f"{root.winfo_id() + 1}\n")
    sys.stdout.flush()

    def work() -> None:
        if not sys.stdin.readline():
            root.destroy()
            return
        root.focus_force()
        # Tk believes at once that it has the keyboard;
        # once the server has answered, so does everybody else.
        root.winfo_pointerxy()
        sys.stdout.write("has the keyboard\n")
        sys.stdout.flush()

    root.createfilehandler(sys.stdin, tkinter.READABLE, lambda *_: work())
    root.mainloop()


if __name__ == "__main__":
    main(sys.argv[1])
