Feature: Everything can be done by keys

  Who can't use a mouse, or does not want to, goes through the window with Tab and presses its
  buttons by the letters that are underlined in them. That is worth something only if the keyboard
  is always where the person goes on: what is typed into the wrong place is a note that is lost, or
  a password that others can read. So it is part of what this app promises where the keyboard is.

  @KY-1
  Rule: What can be pressed is reached by Tab, in the order of the page, and by its letter

    @desktop
    Scenario Outline: Ada, signed in, goes around <where> with Tab
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And Ada wrote the note "Engines weave."
      And Ada has pressed the keys "<keys>"
      When Ada goes once around with "Tab"
      Then the keyboard was at these places, one after the other:
        | <places> |
      And Ada's tokens are kept
      And nothing else happened

      Examples:
        | where          | keys         | places |
        | her notes      | Alt+N        | Account, Inspector, account button, menu, new note, list, note, delete, sync now, summarise, Notes |
        | her account    | Alt+A        | where am I signed in, Notes, Account, Inspector, account button, menu, sign out |
        | her sessions   | Alt+A, Alt+W | Notes, Account, Inspector, account button, menu, sign out, sessions, sign out all others, sign out everywhere, where am I signed in |
        | the inspector  | Alt+I, Alt+N, Alt+I | Notes, Account, Inspector, account button, menu, checks, messages |

    @desktop
    Scenario Outline: Signed out, she goes back around <where> with Shift and Tab
      Given the app is open
      And Ada has pressed the keys "<keys>"
      When Ada goes once around with "Shift+Tab"
      Then the keyboard was at these places, one after the other:
        | <places> |
      And no token is stored
      And nothing else happened

      Examples:
        | where                    | keys  | places |
        | the form                 | Alt+E, Shift+Tab 2 times | menu, account button, Inspector, Account, Notes, forgot your password, no account yet, sign in, show password, password, e-mail, with a code, in the browser |
        | a sign-in in the browser | Alt+B | use the code, pasted code, copy the link, open the link, link, menu, account button, Inspector, Account, Notes, cancel |

    @desktop
    Scenario Outline: Ada fills in the form by its letters, and <how> her password
      Given the app is open
      And Ada has pressed the keys "Alt+N, Alt+A"
      When Ada presses the keys "Alt+P, 'llllllllllllllllllllllllllllllllllllllllllllllllll', Alt+E, 'ada', Alt+N, Alt+A, <keys>"
      Then the window looks like this:
        | Account         | chosen                       |
        | e-mail          | "ada"; with a grey edge; in the middle |
        | password        | 50 characters; in <signs>    |
        | show password   | <ticked>; at the keyboard    |
        | sign in         | can be used                  |
        | stop signing in | not there                    |
        | complaint       | not there                    |
      And no token is stored
      And nothing else happened

      Examples:
        | how         | keys          | signs   | ticked     |
        | reads       | Alt+H         | letters | chosen     |
        | hides again | Alt+H, Space  | dots    | not chosen |

    @desktop
    Scenario Outline: She goes to the browser again, by the letter of <button>, and what she had pasted is gone
      Given the app is open
      And Ada has pressed the keys "Alt+B, Alt+P, 'code', Alt+C"
      When Ada presses the keys "<letter>"
      Then the window looks like this:
        | pending       | "Sign in with the browser" |
        | <at>          | at the keyboard            |
        | link          | can be used                |
        | pasted code   | 0 characters; can be used  |
        | cancel        | can be used                |
        | use the code  | can be used                |
        | copy the code | not there                  |
        | e-mail        | not there                  |
      And no token is stored
      And this happened, and nothing else:
        | server  | browser flow check |
        | browser | open the link      |

      Examples:
        | button                               | letter                      | at          |
        | "Sign in with the browser"           | Alt+B                       | cancel      |
        | "No account yet?", with Caps Lock on | Caps Lock, Alt+Y, Caps Lock | cancel      |
        | "Forgot your password?"              | Alt+W, Alt+U                | pasted code |

    @desktop
    Scenario: Ada presses three buttons beside a note by their letters
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And Ada has pressed the keys "Alt+W, 'Numbers follow.', Alt+D, Alt+U"
      When Ada presses the keys "Alt+M"
      Then the window looks like this:
        | note        | "Numbers follow."                          |
        | first row   | says "Numbers follow."; chosen             |
        | second row  | says "Engines weave."; not chosen          |
        | summary     | "Numbers follow. (1 sentence, 2 words)"    |
        | summarise   | at the keyboard                            |
        | undo delete | not there                                  |
        | delete      | can be used                                |
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | summary |

    @desktop
    Scenario: She puts the summary away and syncs, and can write on
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And Ada has pressed the keys "Alt+M, Alt+E"
      When Ada presses the keys "Alt+Y"
      Then the window looks like this:
        | note      | "Engines weave."; at the keyboard |
        | summary   | not there                         |
        | sync      | "Sync: ready"                     |
        | sync now  | can be used                       |
        | summarise | can be used                       |
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes                        |
        | disk   | write note, write sync state |

    @desktop
    Scenario Outline: A sync waits for its answer, and a summary goes when Ada <does>
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And the next "notes" request is not answered yet
      And Ada has pressed the keys "Alt+Y, Alt+M"
      When Ada presses the keys "<keys>"
      Then the window looks like this:
        | summary          | not there       |
        | hide the summary | not there       |
        | note             | "<text>"        |
        | <at>             | at the keyboard |
      And Ada's tokens are kept
      And nothing else happened

      Examples:
        | does                | keys   | text           | at        |
        | hides it            | Alt+E  | Engines weave. | note      |
        | takes it back       | Escape | Engines weave. | summarise |
        | begins another note | Alt+W  |                | note      |

    @desktop
    Scenario: Ada copies the link of a sign-in, and can't write into it
      Given the app is open
      And Ada has pressed the keys "Alt+B, Shift+Tab 3 times, Keypad Enter, Shift+Tab 2 times"
      When Ada presses the keys "'x'"
      Then the window looks like this:
        | link | at the keyboard |
      And what was copied is its link
      And no token is stored
      And nothing else happened

    @desktop
    Scenario Outline: Ada signs out Firefox by <how>
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And Ada has pressed the keys "Alt+A, Alt+W, Shift+Tab 3 times"
      And Ada is signed in with Edge on Windows too
      When Ada presses the keys "<keys>"
      Then the window looks like this:
        | sessions            | says "This session"                     |
        | second session      | <second>                                |
        | third session       | not there                               |
        | what became of it   | says "<said>"                           |
        | sign out selected   | <selected>                              |
        | sign out            | can be used                             |
        | <at>                | at the keyboard                         |
        | where am I signed in | can be used                            |
      And Ada is no longer signed in with Firefox on Windows
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | <asked>, list of sessions |

      Examples:
        | how                       | keys        | second                 | said                            | selected      | asked             | at       |
        | the Delete key            | End, Delete | says "Edge on Windows" | Signed out: Firefox on Windows. | can't be used | end of a session  | sessions |
        | the letter of its button  | End, Alt+S  | says "Edge on Windows" | Signed out: Firefox on Windows. | can't be used | end of a session  | sessions |
        | the letter for all others | Alt+L       | not there              | Signed out everywhere else. You are signed in only here. | not there | end of all others | sign out |

    @desktop
    Scenario: Her own session is none to be deleted in the list
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And Ada has pressed the keys "Alt+A, Alt+W, Shift+Tab 3 times"
      When Ada presses the keys "End, Home, Delete"
      Then the window looks like this:
        | first session       | says "This session"; chosen                |
        | second session      | says "Firefox on Windows"; not chosen      |
        | sessions            | at the keyboard                            |
        | sign out selected   | can't be used                              |
        | sign out all others | can be used                                |
        | what became of it   | not there                                  |
      And Ada is still signed in with Firefox on Windows
      And Ada's tokens are kept
      And nothing else happened

    @desktop
    Scenario: She opens her account by its initials, and no key of the list ends a session while the server is asked
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And Ada has clicked "initials"
      And Ada has pressed the keys "Alt+W, Shift+Tab 3 times, End"
      And Ada is signed in with Edge on Windows too
      And Ada has pressed the keys "Alt+W"
      And the next "list of sessions" request is not answered yet
      And Ada has pressed the keys "Alt+W, Shift+Tab"
      When Ada presses the keys "Delete"
      Then the window looks like this:
        | second session    | says "Edge on Windows"; not chosen |
        | third session     | says "Firefox on Windows"; chosen  |
        | sessions          | at the keyboard                    |
        | sign out selected | can't be used                      |
        | line of notice    | not there                          |
      And Ada is still signed in with Firefox on Windows
      And Ada's tokens are kept
      And nothing else happened

    @desktop
    Scenario Outline: Ada answers by letters what is to become of notes apart, puts the answer away, and <goes on>
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada has signed in
      And Ada has pressed the keys "Alt+K, Alt+O"
      And Ada has clicked "note"
      And Ada has pressed the keys "' Numbers' and at once Alt+O"
      When Ada presses the keys "<keys>"
      Then the window looks like this:
        | notes apart | <what became of them>             |
        | first row   | says "Engines weave."; chosen     |
        | second row  | not there                         |
        | note        | "Engines weave. Numbers follow."; at the keyboard |
      And Ada's tokens are kept
      And this happened, and nothing else:
        | disk | write note, write whose notes |

      Examples:
        | goes on                          | keys                              | what became of them |
        | writes                           | Alt+H, ' follow.'         | not there           |
        | asks for it when she has written | Alt+H, ' follow.', Ctrl+E | says "Among your notes now: 1 note that was written on this computer" |

    @desktop
    Scenario Outline: Ada, who is at the form, has <what> by <keys>
      Given 2 notes were written on the computer
      And the app is open
      When Ada presses the keys "<keys>"
      Then the window looks like this:
        | <page> | chosen  |
        | <place> | <looks> |
      And no token is stored
      And nothing else happened

      Examples:
        | what                         | keys              | page    | place  | looks                                         |
        | a new note                   | Ctrl+N            | Notes   | note   | ""; at the keyboard                           |
        | a new note from the menu     | F10, N            | Notes   | note   | ""; at the keyboard                           |
        | a word about earlier notes   | F10, Down 2 times, Enter | Account | line of notice | "Nothing was written on this computer outside this account, or nobody is signed in. All notes are in the list." |
        | nothing of an assistant that can't be asked | Alt+N, Alt+M | Notes | note | ""; at the keyboard |
        | a look at the menu           | F10, Down 2 times | Account | menu   | open, with an entry marked; lists "New note Ctrl+N, Earlier notes Ctrl+E, Larger text Ctrl++, Smaller text Ctrl+-, Usual text Ctrl+0, Close Ctrl+Q, Colours of the desktop, Light colours ✓, Dark colours, High contrast" |

  @KY-2
  Rule: Escape takes back one thing at a time

    @desktop
    Scenario Outline: Ada takes back <what>
      Given the app is open
      And Ada has pressed the keys "<before>"
      When Ada presses the keys "Escape"
      Then the window looks like this:
        | line of notice | not there |
        | complaint | not there |
        | <page>    | chosen    |
        | <place>   | <looks>   |
      And no token is stored
      And <else> happened

      Examples:
        | what                                   | before                         | page    | place        | looks                           | else         |
        | a notice, and stays on her way through the browser | Alt+B, Ctrl+E      | Account | pending      | "Sign in with the browser"      | nothing else |
        | a notice, and keeps what she has changed after a refusal | Alt+E, 'ada', Alt+P, 'x', Enter, Alt+E, End, 'x', Ctrl+E, Escape | Account | e-mail | "adax"; at the keyboard | nothing else |
        | what is complained of                  | Alt+P, Enter, Alt+P            | Account | password     | at the keyboard; with a blue edge | nothing else |
        | her password, and stays at the form    | Alt+P, 'secret'                | Account | password     | 0 characters; at the keyboard   | nothing else |
        | the form itself, once that is done     | Alt+P, 'secret', Escape        | Notes   | note         | ""; at the keyboard             | nothing else |
        | her way through the browser after that | Alt+B, Alt+P, 'code', Escape   | Account | what to try instead | says "instead"; at the keyboard | nothing else |
        | a notice at her notes, and then nothing of that way | Alt+B, Alt+N, Ctrl+E, Escape | Notes | account button | says "Signing in"        | nothing else |

  @KY-3
  Rule: In a list the keys choose, and what is chosen is open

    @desktop
    Scenario Outline: Ada goes through 30 notes with <keys>
      Given 30 notes were written on the computer
      And the app is open
      And Ada has pressed the keys "Alt+N, Shift+Tab"
      When Ada presses the keys "<keys>"
      Then the window looks like this:
        | note           | "<text>"                            |
        | first row      | <first>                             |
        | <at>           | at the keyboard                     |
        | below the note | "Saved on this computer"            |
        | delete         | can be used                         |
      And nothing else happened

      Examples:
        | keys                  | text     | first      | at   |
        | Keypad Down 3 times, Keypad Enter, Ctrl+Z, Ctrl+Y | Note 27. | not chosen | note |
        | End, Up               | Note 1.  | not there  | list |
        | End, Home             | Note 29. | chosen     | list |
        | Page Down, Page Up    | Note 29. | chosen     | list |
        | Page Down 4 times, Up | Note 1.  | not there  | list |

    @desktop
    Scenario: She goes to the end of a list with more sessions than there is room for
      Given Ada is signed in with Firefox on Windows too, on 7 computers
      And Ada is signed in
      And Ada has pressed the keys "Alt+A, Alt+W, Ctrl++, Shift+Tab 3 times"
      When Ada presses the keys "End"
      Then the window looks like this:
        | sessions          | at the keyboard; its end in view |
        | sign out selected | can be used                      |
      And Ada's tokens are kept
      And nothing else happened

    @desktop
    Scenario: She goes to a note whose file somebody has deleted, and is where she was
      Given 2 notes were written on the computer
      And the app is open
      And Ada has pressed the keys "Alt+N, Shift+Tab, Down"
      And somebody has deleted the file of the oldest note
      When Ada presses the keys "Down"
      Then the window looks like this:
        | line of notice | says "This note is not here any more." |
        | note           | "Note 1."                      |
        | first row      | says "Note 1."; chosen         |
        | list           | at the keyboard                |
      And nothing else happened

    @desktop
    Scenario Outline: The app is slow to answer, and Ada <does> meanwhile
      Given 3 notes were written on the computer
      And the app is open
      And Ada has pressed the keys "Alt+N, Shift+Tab, Down"
      And the app does not answer the window yet
      When Ada presses the keys "<keys>"
      Then the window looks like this:
        | note           | "<text>"                 |
        | <row> row      | says "<text>"; chosen    |
        | <at>           | at the keyboard          |
        | below the note | "Saved on this computer" |
      And this happened, and nothing else:
        | disk | <written> |

      Examples:
        | does                                               | keys                 | row    | text     | at   | written     |
        | chooses another note, and begins a new one         | Down, Ctrl+N, 'X'    | first  | X        | note | write note  |
        | chooses another note, turns back, and writes on    | Down, Up, Enter, 'X' | first  | XNote 2. | note | write note  |
        | deletes the note that is open, and chooses another | Delete, Down         | first  | Note 1.  | list | delete note |
        | deletes it, and goes on to the one after that      | Delete, Down, Down   | second | Note 0.  | list | delete note |

    @desktop
    Scenario: She clicks a note while the menu is open, and begins to write before its first word, and then before that of the last note
      Given 30 notes were written on the computer
      And the app is open, and came up while somebody was at another program
      And Ada has pressed the keys "Alt+N, F10"
      And Ada has clicked "third row"
      When Ada presses the keys "Tab, Acute, E, Shift+Tab, End, Enter, 'Y'"
      Then the window looks like this:
        | menu       | closed                           |
        | note       | "YNote 0."                       |
        | first row  | says "YNote 0."; chosen          |
        | second row | says "éNote 27."; not chosen     |
        | third row  | says "Note 29."; not chosen      |
      And this happened, and nothing else:
        | disk | write note, write note |

  @KY-4
  Rule: In a note keys do what they do in other programs

    @desktop
    Scenario Outline: Ada <does> in a note that says "Note 0. Engines weave."
      Given 1 notes were written on the computer
      And the app is open
      And Ada has pressed the keys "Alt+N, Shift+Tab, Down, Enter, End, ' Engines weave.'"
      When Ada presses the keys "<keys>"
      Then the window looks like this:
        | note           | "<text>"; at the keyboard |
        | below the note | "Saved on this computer"  |
      And this happened, and nothing else:
        | disk | <written> |

      Examples:
        | does                                    | keys                           | text                    | written                            |
        | replaces all of it by a letter with an accent | Ctrl+A, Acute, E         | é                       | write note                         |
        | cuts it, and pastes it twice            | Ctrl+A, Ctrl+X, Ctrl+V 2 times | Note 0. Engines weave.Note 0. Engines weave. | write note, write note |
        | deletes a letter, cuts the rest, and takes back the cut alone | Backspace, Ctrl+A, Ctrl+X, Ctrl+Z | Note 0. Engines weave | write note, write note, write note |
        | writes a letter over the same letter, takes back what she did before, and back again, and writes on: nothing is left to bring back | Home, Shift+Right, 'N', End, Ctrl+Z, Ctrl+Y, Ctrl+Z, 'X', Ctrl+Y | Note 0.X | write note, write note, write note, write note |
        | deletes before and behind, and chooses the rest | Backspace 2 times, Home, Delete, Shift+End | ote 0. Engines weav    | write note, write note             |
        | goes back a word and replaces what is before it | Ctrl+Left, Shift+Home, 'X' | Xweave.              | write note                         |
        | takes back what is before and behind all of it, and writes on there | Home, 'A', End, 'C', Ctrl+Z 2 times, 'B' | BNote 0. Engines weave. | write note, write note, write note, write note |

    @desktop
    Scenario: She writes on in a line so long that it is in pieces for the display, where one ends, until there is no room
      Given a note of one line with 99,999 characters was written on the computer
      And the app is open
      And Ada has pressed the keys "Alt+N, Shift+Tab, Down, Enter"
      When Ada presses the keys "Ctrl+Right 125 times, Right 3 times, 'X', 'X'"
      Then the note is that line still, with "X" after its first 1,000 characters
      And the window looks like this:
        | below the note | "Not taken: the note would have 100,001 characters, and there is room for 100,000." |
      And this happened, and nothing else:
        | disk | write note |

    @desktop
    Scenario: She pastes such a line by the mouse, which there is room for only in part, and writes another in its place
      Given a note of one line with 60,000 characters was written on the computer
      And the app is open
      And Ada has pressed the keys "Alt+N, Shift+Tab, Down, Enter, Shift+Page Down"
      When Ada presses the keys "Middle Click, Ctrl+A, Middle Click, Ctrl+Home, Ctrl+K, 'X'"
      Then the window looks like this:
        | note           | "X"; at the keyboard     |
        | below the note | "Saved on this computer" |
      And this happened, and nothing else:
        | disk | write note, write note, write note |
