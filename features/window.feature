Feature: The window comes back as it was left

  Nobody who has made a window fit her desk wants to do it again each morning. Place, size of the
  text and colours are no secrets: they are kept in a plain file beside the others, and are read
  before the first paint, long before anybody is asked who is signed in. Where nobody chose any
  colours, the desktop's own are used.

  @WI-1
  Rule: Place, size of the text and colours are those of the last time

    @inproc
    Scenario: What Ada chooses is written down at once, and the contrast stays what the desktop wants
      Given the desktop's settings for GTK 4.0 say "gtk-theme-name=HighContrast"
      And the app is open
      When Ada leaves the window in a corner, dark, with larger text
      Then the window comes up in that corner, dark in high contrast, with larger text
      And this happened, and nothing else:
        | disk | write window settings |

    @inproc
    Scenario: The computer is shut down, and where the window is is the last that it says
      Given the app is open
      And the window says how it is when it is told to leave
      When the computer is shut down
      Then the app ends without a word
      And this happened, and nothing else:
        | disk | write window settings |

    @inproc
    Scenario: Dark colours from the command line are for that run alone
      Given the app is open, with dark colours from its command line
      When Ada leaves the window in a corner, dark, with larger text
      Then the window comes up in that corner, light, with larger text
      And this happened, and nothing else:
        | disk | write window settings |

    @inproc
    Scenario: What the desktop's colours are stays known beside where the window was left, on whichever screen
      Given the desktop's settings for GTK 4.0 say "gtk-theme-name=Adwaita-dark"
      And the app is open
      When Ada leaves the window on a screen to the left, in the desktop's colours, with larger text
      Then the window comes up on that screen, dark, with larger text
      And this happened, and nothing else:
        | disk | write window settings |

    Scenario: The next window is like the last
      Given the app is open
      And Ada left the window in a corner, dark, with larger text
      And the window was closed
      When Ada opens the app
      Then the window comes up in that corner, dark, with larger text
      And the window comes up in that corner, light, if the command line says so
      And nothing else happened

    @desktop
    Scenario Outline: Ada has filled the screen with the window, <how>, and the next one has the place from before
      Given the app is open
      And Ada has pressed the keys "<key>"
      When Ada presses the keys "Ctrl++"
      Then the window comes up in its usual place, with text of 11 points
      And this happened, and nothing else:
        | disk | write window settings |

      Examples:
        | how               | key     |
        | beside all panels | Alt+F10 |
        | and all panels    | Alt+F11 |

    @desktop
    Scenario Outline: Ada makes the text as <large> as it gets, and goes back; the colours stay as they were
      Given the window was left with dark colours
      And the app is open
      And Ada has pressed the keys "<to there>"
      When Ada presses the keys "<keys>"
      Then the window comes up dark, with text of <size> points
      And this happened, and nothing else:
        | disk | write window settings |

      Examples:
        | large | to there       | keys                                | size |
        | small | Ctrl+- 3 times | Ctrl+-, Ctrl+=                      | 8    |
        | large | Ctrl+Keypad Minus 2 times, Ctrl+Keypad 0, Ctrl+Keypad Plus 18 times | Ctrl+Keypad Plus, Ctrl+Keypad Minus | 27 |

    @desktop
    Scenario: Ada chooses dark colours while a note is open
      Given the app is open
      And Ada wrote the note "Engines weave."
      When Ada presses the keys "F10, D, F10, Down"
      Then the note is on a dark ground
      And the window looks like this:
        | menu | open, with an entry marked; lists "Colours of the desktop, Light colours, Dark colours ✓, High contrast" |
      And this happened, and nothing else:
        | disk | write window settings |

    Scenario: Ada has chosen high contrast
      Given the app is open
      And Ada left the window in a corner, in high contrast
      And the window was closed
      When Ada opens the app
      Then the window comes up in that corner, in high contrast
      And nothing else happened

    @desktop
    Scenario Outline: Ada left it on a larger screen, at the <end> end, which is not there any more
      Given the window was left at the <end> end of a larger screen
      When Ada opens the app
      Then all of the window is on the screen
      And the window shows the login form
      And nothing else happened

      Examples:
        | end  |
        | far  |
        | near |

    @inproc
    Scenario: Where nothing was chosen it comes up as usual
      Given the app was opened and closed again
      When Ada opens the app
      Then the window comes up in its usual place, light, with text of the usual size
      And nothing else happened

    @inproc
    Scenario Outline: What can't be of a window counts as not chosen, and that alone: it was <left>
      Given the window was left <left>
      When Ada opens the app
      Then the window comes up in its usual place, light, with text of <size>
      And nothing else happened

      Examples:
        | left                                                     | size           |
        | where no screen is, and with text of a thousand points   | the usual size |
        | smaller than a window can be, and with text of 28 points | 28 points      |

    @inproc
    Scenario Outline: Where nothing was chosen it has the desktop's colours: <setting>
      Given the desktop's settings for GTK <GTK> say "<setting>"
      And the app was opened and closed again
      When Ada opens the app
      Then the window comes up in its usual place, <look>, with text of the usual size
      And nothing else happened

      Examples:
        | GTK | setting                                | look                   |
        | 4.0 | gtk-theme-name=Adwaita-dark            | dark                   |
        | 3.0 | gtk-theme-name=Adwaita                 | light                  |
        | 3.0 | gtk-application-prefer-dark-theme=True | dark                   |
        | 4.0 | gtk-application-prefer-dark-theme=0    | light                  |
        | 4.0 | gtk-theme-name=HighContrast            | light in high contrast |
        | 3.0 | gtk-theme-name=HighContrastInverse     | dark in high contrast  |

    @inproc
    Scenario Outline: Ada has named a theme for all her programs, and that counts before them: <theme>
      Given the desktop's settings for GTK 4.0 say "gtk-theme-name=<setting>"
      And GTK_THEME is "<theme>" where the app is started
      And the app was opened and closed again
      When Ada opens the app
      Then the window comes up in its usual place, <look>, with text of the usual size
      And nothing else happened

      Examples:
        | theme         | setting      | look                   |
        | Adwaita:dark  | HighContrast | dark                   |
        | High-Contrast | Adwaita-dark | light in high contrast |

    @inproc
    Scenario: Those settings lie where the person has all her settings
      Given the desktop's settings for GTK 4.0, in a folder of their own, say "gtk-theme-name=Adwaita-dark"
      And the app was opened and closed again
      When Ada opens the app
      Then the window comes up in its usual place, dark, with text of the usual size
      And nothing else happened

    @inproc
    Scenario Outline: The desktop's portal says "<portal>", and GTK's settings <setting>
      Given the desktop's settings for GTK 4.0 say "<setting>", and its portal says "<portal>"
      And the app was opened and closed again
      When Ada opens the app
      Then the window comes up in its usual place, <look>, with text of the usual size
      And nothing else happened

      Examples:
        | portal                | setting                     | look                   |
        | dark                  | gtk-theme-name=Adwaita      | dark                   |
        | light                 | gtk-theme-name=Adwaita-dark | light                  |
        | no colours of its own | gtk-theme-name=Adwaita-dark | dark                   |
        | usual contrast        | gtk-theme-name=HighContrast | light in high contrast |
        | high contrast         | gtk-theme-name=Adwaita-dark | dark in high contrast  |

    @inproc
    Scenario: Where GTK 3 and GTK 4 have settings, those of GTK 4 count
      Given the desktop's settings for GTK 4.0 say "gtk-theme-name=Adwaita-dark"
      And the desktop's settings for GTK 3.0 say "gtk-theme-name=Adwaita"
      And the app was opened and closed again
      When Ada opens the app
      Then the window comes up in its usual place, dark, with text of the usual size
      And nothing else happened

  @WI-2
  Rule: Text and colours follow at once, and nothing is cut off or out of reach

    @inproc
    Scenario Outline: Text follows the desktop, which asks for <asks> dots an inch
      Given the X server lets the app in
      And its desktop asks for <asks> dots an inch
      When Ada starts the app with "--server http://auth.example.com"
      Then the window is drawn for <screen>
      And the app has ended with 2, and said this:
        """
        refapp: --server 'http://auth.example.com': plain http is for this machine only; use https, or tokens travel in the clear.
        """
      And no token is stored
      And nothing else happened

      Examples:
        | asks  | screen            |
        | 72    | 72 dots an inch   |
        | 480.0 | 480 dots an inch  |
        | 71    | any screen        |

    @desktop
    Scenario: The window and its distances grow with the text, so that all of it has room
      Given its desktop asks for 120 dots an inch
      When Ada opens the app
      Then the window is drawn for 120 dots an inch
      And the window looks like this:
        | all texts | to be read to their end |
      And nothing else happened

    @inproc
    Scenario: The screen becomes smaller, and then as it was, and the window hears of both
      It can't see that by itself, and has to fit: what is beyond the edge is out of reach.

      Given the X server lets the app in
      When Ada starts the app with a window that is closed when it has heard of a smaller screen, and of the first size again
      Then the app has ended with 0, and said nothing
      And the window that was begun is gone
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Whatever colours Ada chooses, all of it can be told from its ground
      Given the app is open
      When Ada looks at the window
      Then each text stands out from its ground by 4.5, in high contrast by 7, and each edge by 3
      And nothing else happened

    @desktop
    Scenario Outline: Ada makes the text <much> larger, and goes to <page>
      Given 2 notes were written on the computer yesterday
      And the app is open
      And Ada has pressed the keys "Ctrl++ <much> times"
      When Ada presses the keys "<keys>"
      Then the window looks like this:
        | all texts            | to be read to their end |
        | the keyboard's place | in view                 |
        | <place>              | at the keyboard         |
      And nothing else happened

      Examples:
        | much | page          | keys             | place                |
        | 12   | her notes     | Alt+N            | note                 |
        | 8    | the form      | Alt+P, Tab 3 times | no account yet     |

    @desktop
    Scenario: With the largest text there is no room for her name, and how her session is stays, with the way to sign in again
      Given Ada is signed in
      And Ada has pressed "where am I signed in"
      And the server has ended Ada's session
      And Ada has pressed "sync"
      And Ada has pressed the keys "Ctrl++ 18 times"
      When Ada presses the keys "Alt+A, Tab, Alt+G"
      Then the window looks like this:
        | account button | "Session expired" |
        | password       | at the keyboard   |
        | initials       | "AL"              |
      And no token is stored
      And nothing else happened

    @desktop
    Scenario Outline: The page is larger than the window by then, and she goes through it with <keys>
      Given the app is open
      And Ada has pressed the keys "Ctrl++ 8 times"
      When Ada presses the keys "<keys>"
      Then the window looks like this:
        | in the browser       | <top>           |
        | forgot your password | <end>           |
        | e-mail               | at the keyboard |
      And nothing else happened

      Examples:
        | keys               | top         | end         |
        | Page Down          | out of view | in view     |
        | Page Down, Page Up, Alt+N, Page Down, Alt+A | in view | out of view |
        | Wheel Down 8 times | out of view | in view     |

    @desktop
    Scenario: She opens her account for the first time after the colours have changed
      Given Ada was signed in when the app was closed
      And the app is open
      When Ada presses the keys "F10, D, Alt+A"
      Then the window looks like this:
        | Account  | chosen         |
        | name     | "Ada Lovelace" |
        | sign out | can be used    |
      And Ada's tokens are kept
      And this happened, and nothing else:
        | disk | write window settings |

    @desktop
    Scenario Outline: Her list is <how> after <keys>, though she had tried a larger text before
      Given 2 notes were written on the computer
      And the app is open
      And Ada has pressed the keys "Alt+N, Ctrl++ 18 times, Ctrl+0, Shift+Tab"
      And Ada has clicked "hint"
      When Ada presses the keys "<keys>"
      Then the window looks like this:
        | rows | <how>                                |
        | note | at the keyboard; on a <colour> ground |
      And this happened, and nothing else:
        | disk | write window settings |

      Examples:
        | how                | keys          | colour |
        | higher than before | F10, L        | light  |
        | as high as before  | F10, D        | dark   |

    @desktop
    Scenario Outline: The window is <smaller> than its page, and what she goes to comes into view: <where>
      Given the window was left <smaller> than a page of it
      And the app is open
      When Ada presses the keys "<keys>"
      Then the window looks like this:
        | <where>              | at the keyboard |
        | the keyboard's place | in view         |
      And nothing else happened

      Examples:
        | smaller  | where                | keys               |
        | lower    | forgot your password | Alt+P, Tab 4 times |
        | narrower | menu                 | Alt+N, Tab 5 times |

    @desktop
    Scenario: Her screen is so dense that a page has no room there: it keeps its size, and is scrolled
      Given its desktop asks for 192 dots an inch
      And the app is open
      When Ada presses the keys "Alt+N"
      Then the window looks like this:
        | below the note | in view                  |
        | sync           | "Sync: off"; out of view |
      And nothing else happened

    @desktop
    Scenario: Ada makes the window smaller, and what she was at stays in view
      Given the app is open
      And Ada has pressed the keys "Alt+P, Tab 4 times"
      When Ada leaves the window in a corner, dark, and smaller than a page of it
      Then the window looks like this:
        | forgot your password | at the keyboard |
        | the keyboard's place | in view         |
      And this happened, and nothing else:
        | disk | write window settings, write window settings, write window settings, write window settings, write window settings, write window settings |

    @desktop
    Scenario: She goes to the end of a long note there, and sees where she writes
      Given the window was left smaller than a page of it
      And a note of one line with 60,000 characters was written on the computer
      And the app is open
      And Ada has pressed the keys "Alt+N, Shift+Tab, Down, Enter"
      When Ada presses the keys "Ctrl+End"
      Then the window looks like this:
        | note                 | at the keyboard |
        | the keyboard's place | in view         |
      And nothing else happened
