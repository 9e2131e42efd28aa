Feature: The display

  A window can do more on a display than draw. On the desktop of most people any program may listen
  to every key, take pictures of the screen, and type into other programs, however well its process
  is locked in. So a window that Mallory has taken over could wait until Ada's keychain asks for its
  password, and read it while she types.

  That is why the window has a second gate. The first stands on the channel to the app; this one
  stands between the window and the display, and lets through what one table names: drawing, its own
  windows, the keys that Ada types in it. What is not in the table ends the window, and the app says
  why. A few things that the window's toolkit asks for by itself come to nothing.

  @DG-1
  Rule: The window reaches the display through a gate that lets through what the window needs

    @desktop
    Scenario: What Ada types goes through it
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      When Ada writes the note "Numbers follow."
      Then it says "Numbers follow."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | disk | write note |

    @inproc
    Scenario: Something that no window needs
      Given Ada is signed in
      And the window has been taken over
      When the window asks for what no window needs
      Then the app ends and says "The window tried something that it must never do, and was ended."
      And Ada's tokens are kept
      And nothing else happened

    @inproc
    Scenario: What it asks for has a name that would write into Ada's terminal
      Given the X server lets the app in
      And the display's gate meets an extension whose name clears a terminal
      When Ada starts the app with a window that says nothing
      Then the app has ended with 71, and said this:
        """
        refapp: WARNING The window asked the display for what it must never do: the extension "[2J".
        refapp: The window tried something that it must never do, and was ended. Nothing that was stored is lost.
        """
      And no cookie is left
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: An extension of the display that is not in the table
      Given Ada is signed in
      And the window has been taken over
      When the window asks for an extension that presses keys
      Then nothing comes of it
      And the window shows Ada signed in
      And Ada's tokens are kept
      And nothing else happened

    @inproc
    Scenario: The window is given the gate's display, with a cookie of its own that nobody else can read
      Given the X server lets the app in
      And another start has its cookie there, and one that was killed left its own
      When Ada starts the app with a window that says how it gets to the display
      Then the app has ended with 1, and said this:
        """
        refapp: The window could not be started. The window said: another display, cookie: 600, 44 bytes. Nothing that was stored is lost.
        """
      And no cookie is left but that of the other start
      And no token is stored
      And nothing else happened

    @inproc
    Scenario Outline: The place for its cookie <is>, so it lies in another
      Given the X server lets the app in
      And XDG_RUNTIME_DIR is "<place>" where the app is started
      When Ada starts the app with a window that says how it gets to the display
      Then the app has ended with 1, and said this:
        """
        refapp: The window could not be started. The window said: another display, cookie: 600, 44 bytes. Nothing that was stored is lost.
        """
      And no cookie is left
      And no token is stored
      And nothing else happened

      Examples:
        | is                         | place         |
        | is not there               | /proc/nowhere |
        | takes no file from anybody | /proc/sys     |

    @inproc
    Scenario: A window that has come in needs its cookie no more
      Given the X server lets the app in
      When Ada starts the app with a window that greets, and says whether its cookie is there
      Then the app has ended with 1, and said this:
        """
        refapp: The window could not be started. The window said: The cookie is gone. Nothing that was stored is lost.
        """
      And no cookie is left
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Nor does the one that is started in its place
      Given the X server lets the app in
      When Ada starts the app with a window that crashes once, and then says whether its cookie is there
      Then the app has ended with 1, and said this:
        """
        refapp: The window could not be started. The window said: The cookie is gone. Nothing that was stored is lost.
        """
      And no cookie is left
      And no token is stored
      And nothing else happened

  @DG-2
  Rule: A window that was taken over learns nothing of other programs

    @inproc
    Scenario Outline: Mallory <does>
      Given Ada is signed in
      And the window has been taken over
      And Ada types her keychain's password into its prompt
      When the window <does>
      Then the app ends and says "The window tried something that it must never do, and was ended."
      And Ada's tokens are kept
      And nothing else happened

      Examples:
        | does                                        |
        | listens to the keyboard                     |
        | listens for one key                         |
        | looks which keys are down                   |
        | takes a picture of the screen               |
        | copies the screen and reads the copy        |
        | reads the title of another program's window |
        | looks where other programs' windows are     |
        | looks where the mouse is                    |
        | asks who has copied something               |

  @DG-3
  Rule: A window that was taken over can neither steer the desktop nor stand in its way

    @inproc
    Scenario Outline: Mallory <disturbs>
      Given Ada is signed in
      And the window has been taken over
      When the window <disturbs>
      Then the app ends and says "The window tried something that it must never do, and was ended."
      And Ada's tokens are kept
      And nothing else happened

      Examples:
        | disturbs                           |
        | takes the mouse                    |
        | moves the mouse                    |
        | swaps the mouse's buttons          |
        | types into another program         |
        | ends what another program has left |
        | covers the screen                  |
        | stays in front of all windows      |
        | lets anybody onto the display      |
        | keeps the screen from being locked |

    @inproc
    Scenario: Mallory takes the keyboard while Ada works elsewhere
      Given Ada is signed in
      And the window has been taken over
      And Ada works in another program
      When the window takes the keyboard
      Then nothing comes of it
      And the window shows Ada signed in
      And Ada's tokens are kept
      And nothing else happened

  @DG-4
  Rule: What was copied elsewhere is read only right after Ada did something in the window

    @inproc
    Scenario: Mallory reads what Ada has copied elsewhere
      Given Ada is signed in
      And the window has been taken over
      When the window reads what was copied
      Then nothing comes of it
      And the window shows Ada signed in
      And Ada's tokens are kept
      And nothing else happened

    @inproc
    Scenario: Ada pastes
      Given Ada is signed in
      And the window has been taken over
      When Ada presses a key in the window, and it reads what was copied
      Then it has what was copied
      And the window shows Ada signed in
      And Ada's tokens are kept
      And nothing else happened

    @desktop
    Scenario Outline: Ada copies her note <how>
      Given the app is open
      And Ada wrote the note "Engines weave."
      When Ada copies her note into another by keys, <how>
      Then what was copied is "Engines weave."
      And it says "Engines weave."
      And it does not say "Engines weave.Engines weave."
      And this happened, and nothing else:
        | disk | write note |

      Examples:
        | how                                         |
        | with a Russian layout and then a Hebrew one |
        | with a Greek layout and then an Arabic one  |
        | with Caps Lock on                           |

    @desktop
    Scenario Outline: Ada copies a note of one line, with <characters>, and there is room to paste it behind itself <often>
      Given a note of one line with <characters> was written on the computer
      And the app is open
      When Ada copies it and pastes it twice behind itself
      Then what was copied is that line
      And the note is that line <times> times, one behind the other
      And it says "<said>"
      And this happened, and nothing else:
        | disk | write note |

      Examples:
        | characters               | often | times | said |
        | 50,000 characters        | once  | 2     | Not taken: the note would have 150,000 characters, and there is room for 100,000. |
        | 1,100 characters in bold | twice | 3     | Saved on this computer |

  @DG-5
  Rule: What people write is shown in every script that the computer has a font for

    @inproc
    Scenario: A script that is met for the first time
      Given Ada is signed in
      When the window opens a font, and then a file of the app
      Then it can read the font, and not the file
      And the window shows Ada signed in
      And Ada's tokens are kept
      And nothing else happened

  @DG-6
  Rule: Where the gate can't be had no window starts

    @desktop
    Scenario: The gate is killed, and the window that had it is replaced by one with another
      Given Ada is signed in
      When the display's gate is killed
      Then it is another window than before
      And the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | notice | The display's gate ended, and the window with it. Both were started again. Nothing that was stored is lost. |

    @inproc
    Scenario: The gate fails, and the display goes away under the next window: the next gate is not blamed
      Given the X server lets the app in
      And the display's gate fails once
      When Ada starts the app with a window that is shown, and then finds its display gone
      Then the app has ended with 69, and said this:
        """
        refapp: The display went away, and the app with it. Nothing that was stored is lost.
        """
      And both windows that were begun are gone
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: There is no place for the gate
      Given Ada was signed in when the app was closed
      And the display's gate can't listen
      When Ada starts the app
      Then the app ends and says "The display's gate can't listen"
      And Ada's tokens are kept
      And nothing else happened
