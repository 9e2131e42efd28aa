Feature: The window comes back as it was left

  Nobody who has made a window fit her desk wants to do it again each morning. Place, size of the
  text and colours are no secrets: they are kept in a plain file beside the others, and are read
  before the first paint, long before anybody is asked who is signed in. Where nobody chose any
  colours, the desktop's own are used.

  @WI-1
  Rule: Place, size of the text and colours are those of the last time

    @inproc
    Scenario: What Ada chooses is written down at once
      Given the app is open
      When Ada leaves the window in a corner, dark, with larger text
      Then the window shows the login form
      And this happened, and nothing else:
        | disk | write window settings |

    @inproc
    Scenario: The next window is like the last
      Given the app is open
      And Ada left the window in a corner, dark, with larger text
      And the window was closed
      When Ada opens the app
      Then the window comes up in that corner, dark, with larger text
      And nothing else happened

    @desktop
    Scenario Outline: Ada makes the text larger than she likes it, and <goes back>
      Given the app is open
      And Ada has pressed "Ctrl++"
      And Ada has pressed "Ctrl++"
      And Ada has pressed "Ctrl++"
      When Ada presses "<keys>"
      Then the window comes up with text of <size> points
      And this happened, and nothing else:
        | disk | write window settings |

      Examples:
        | goes back              | keys   | size |
        | a step smaller again   | Ctrl+- | 12   |
        | to the usual size      | Ctrl+0 | 10   |

    @desktop
    Scenario: Ada chooses dark colours while a note is open
      Given the app is open
      And Ada wrote the note "Engines weave."
      When Ada presses "Menu, then D"
      Then the note is on a dark ground
      And this happened, and nothing else:
        | disk | write window settings |

    @inproc
    Scenario: Ada has chosen high contrast
      Given the app is open
      And Ada left the window in a corner, in high contrast
      And the window was closed
      When Ada opens the app
      Then the window comes up in that corner, in high contrast
      And nothing else happened

    @desktop
    Scenario: Ada left it on a larger screen, which is not there any more
      Given the window was left at the far end of a larger screen
      When Ada opens the app
      Then all of the window is on the screen
      And the window shows the login form
      And nothing else happened

    @inproc
    Scenario: Where nothing was chosen it comes up as usual
      Given the app was opened and closed again
      When Ada opens the app
      Then the window comes up in its usual place, light, with text of the usual size
      And nothing else happened
