Feature: The boundary

  The window is the part of the app that shows texts from the network, and so the part that an
  attacker takes over first. Mallory is that attacker: here it is not Ada who speaks through the
  window, but Mallory, with everything that the window's process can do.

  So the window is a process of its own that holds no secret, reaches nothing but its parent, and
  can ask for a short list of things. This feature speaks of messages and processes, because they
  are what it is about.

  @SB-1
  Rule: No token ever enters the window's process

    Scenario: Nothing that the window was ever sent holds a token
      Given Ada was signed in when the app was closed
      When Ada opens the app
      Then the window shows Ada signed in
      And no secret is where it must not be
      And what is usual at a start happened, and nothing else

    @inproc
    Scenario: Mallory asks for the token
      Given Ada is signed in
      When the window asks for accessToken
      Then the window is answered with a handle that is not the token
      And Ada's tokens are kept
      And nothing else happened

    @inproc
    Scenario: Mallory compares two handles of one token, and does not learn that it is one
      Given the app is open
      And the window has stored "a token" as accessToken
      And the window has stored "a token" as refreshToken
      When the window asks for accessToken
      Then the window is answered with another handle than "a token" has as refreshToken
      And the stored tokens are kept
      And nothing else happened

  @SB-2
  Rule: Only the trusted parent reaches the network

    Scenario: Every request that the server saw is in the parent's own record
      Given a server with refresh tokens
      And Ada was signed in when the app was closed
      When Ada opens the app
      Then the server saw these requests and no other:
        | POST /api/auth/refresh    |
        | GET /api/auth/get-session |
        | PUT /app/notes            |
      And what is usual at a start happened, and nothing else

  @SB-3
  Rule: The operating system confines the window, or there is none

    @desktop
    Scenario: The window is locked in before it learns anything
      Given Ada was signed in when the app was closed
      When Ada opens the app
      Then the window shows Ada signed in
      And the kernel holds every thread of the window's process
      And the app itself has looked, and found:
        | System calls are filtered |
        | No new privileges         |
        | No capabilities           |
        | No files                  |
        | No core files             |
        | No processes              |
        | The app's memory is closed |
        | The app leaves no core file |
      And what is usual at a start happened, and nothing else

    Scenario: A window that only says that it is confined
      Given Ada was signed in when the app was closed
      When the app is opened with a window that does not confine itself
      Then the app ends and says "The window process is not confined"
      And Ada's tokens are kept
      And nothing else happened

    @inproc
    Scenario Outline: The app asks the kernel whether it is, and it <is>
      Given Ada was signed in when the app was closed
      When the app is opened with a window that <is>
      Then the app ends and says "<said>"
      And Ada's tokens are kept
      And nothing else happened

      Examples:
        | is                                            | said                                                                              |
        | starts an unlocked thread while the app looks | The window process is not confined: its thread 13 has no system call filter.      |
        | has a thread that may gain privileges         | The window process is not confined: its thread 12 may gain privileges.            |
        | has a thread that may be given a capability   | The window process is not confined: its thread 12 holds capabilities.             |
        | starts threads as long as the app looks       | The window process is not confined: it keeps starting threads.                    |
        | has ended by then                             | The window process ended before it could be checked.                              |
        | may not be looked at                          | The window process can't be checked: /proc is closed to the app.                  |

    @inproc
    Scenario: A thread that is locked may begin meanwhile, and nothing is left that the window may start or write
      When Ada opens the app with a window that starts a locked thread while the app looks
      Then the window shows the login form
      And it says "seccomp, 3 threads checked in /proc."
      And it does not say "The kernel's limit is unlimited."
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Ada has switched the sandbox off, and is told what that means as long as it is so
      When Ada opens the app with its sandbox switched off
      Then the window shows the login form
      And it says "This window is not sandboxed: a fault in it could reach your files and your network."
      And it says "✗ NOT enforced"
      And no token is stored
      And nothing else happened

  @SB-4
  Rule: What the window may say is a closed, typed list

    @inproc
    Scenario Outline: Mallory sends <what>
      Given Ada is signed in
      When the window sends the line:
        """
        <line>
        """
      Then the window is refused "<answer>"
      And it is another window than before
      And the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | notice | The window ended unexpectedly and was started again. Nothing that was stored is lost. |

      Examples:
        | what                   | line                                                                                          | answer                                                |
        | an unknown request     | {"jsonrpc":"2.0","id":9,"method":"read_file","params":{}}                                     | The protocol has no such method.                      |
        | a field too many       | {"jsonrpc":"2.0","id":9,"method":"sign_out","params":{"now":true}}                            | The parameters are not what the method takes.         |
        | a wrong type           | {"jsonrpc":"2.0","id":9,"method":"note_open","params":{"note":7}}                             | The parameters are not what the method takes.         |
        | a note's name and more | {"jsonrpc":"2.0","id":9,"method":"note_open","params":{"note":"0123456789ab/../tokens"}}      | The parameters are not what the method takes.         |
        | a session's and more   | {"jsonrpc":"2.0","id":9,"method":"revoke_session","params":{"session":"0123456789ab or all"}} | The parameters are not what the method takes.         |
        | a number below none    | {"jsonrpc":"2.0","id":-9,"method":"sign_out","params":{}}                                     | The line is JSON, but not a message of this protocol. |
        | a number past 2^53     | {"jsonrpc":"2.0","id":9007199254740993,"method":"sign_out","params":{}}                       | The line is JSON, but not a message of this protocol. |
        | the same key twice     | {"jsonrpc":"2.0","id":9,"id":9,"method":"sign_out","params":{}}                               | The message has the same key twice.                   |
        | what is no JSON        | sign_out                                                                                      | The line is not JSON.                                 |
        | a line of Windows's    | {"jsonrpc":"2.0","id":9,"method":"sign_out","params":{}}␍                                     | The line does not end with a newline alone.           |
        | a second greeting      | {"jsonrpc":"2.0","id":9,"method":"hello","params":{"protocol":1}}                             | This message is not allowed now.                      |

    @inproc
    Scenario: Mallory asks for something that is possible at another time
      Given Ada is signed in
      When the window stores "another token" as accessToken
      Then the window is refused "This is not possible now."
      And the window shows Ada signed in
      And Ada's tokens are kept
      And nothing else happened

  @SB-5
  Rule: The parent is ready before the window starts

    Scenario: The window's first call is answered
      When Ada opens the app
      Then the window shows the login form
      And it does not say "This window is not sandboxed"
      And the window never showed that signing in is not possible
      And no token is stored
      And nothing else happened

  @SB-6
  Rule: A window that was taken over learns no secret from an error

    @inproc
    Scenario: The tokens are damaged, and Mallory asks for one
      Given Ada is signed in
      And the token file was damaged
      When the window asks for accessToken
      Then the window is refused "Decryption failed: The file of your stored session is damaged."
      And no secret is where it must not be
      And the stored tokens are kept
      And nothing else happened

    @inproc
    Scenario: A window that the kernel had to stop is not started again
      Given Ada is signed in
      When the window does what the kernel forbids it
      Then the app ends and says "The window tried something that it must never do, and was ended."
      And Ada's tokens are kept
      And nothing else happened

  @SB-7
  Rule: A window that dies, hangs or floods takes nothing with it

    @inproc
    Scenario Outline: The window <misbehaves>
      Given Ada is signed in
      And Ada wrote the note "Engines weave. Numbers follow."
      When the window <misbehaves>
      Then it is another window than before
      And the window shows Ada signed in
      And it says "Engines weave."
      And it says "was started again"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | notice | The window ended unexpectedly and was started again. What was typed is kept up to hh:mm:ss. |

      Examples:
        | misbehaves                     |
        | crashes                        |
        | stops answering                |
        | answers too late               |
        | asks for 100 things at once    |
        | asks for 33 things at once     |

    @inproc
    Scenario Outline: A window at the far end of real pipes <misbehaves>
      Given the window is at the far end of real pipes
      And Ada is signed in
      And Ada wrote the note "Engines weave. Numbers follow."
      When the window <misbehaves>
      Then it is another window than before
      And the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | notice | The window ended unexpectedly and was started again. What was typed is kept up to hh:mm:ss. |

      Examples:
        | misbehaves                    |
        | stops reading                 |
        | reads nothing, and asks for more and more |
        | closes its channel and stays  |
        | is quiet for a minute, and says 500 things at once |
        | says more than 1 MiB in one line, a piece at a time |

    @inproc
    Scenario: A window that does not get ready is given up
      Given the app is open, and its window is still coming up
      When the window does not get ready
      Then the app ends and says "The window could not be started. The window did not get ready within 30 seconds. Nothing that was stored is lost."
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: A window that crashes now and then is replaced each time, whatever the clock says
      Given the app is open
      When the window crashes 3 times, and 2 times more when the clock was set back
      Then the window shows the login form
      And no token is stored
      And this happened, and nothing else:
        | notice | The window ended unexpectedly and was started again. Nothing that was stored is lost. |
        | notice | The window ended unexpectedly and was started again. Nothing that was stored is lost. |
        | notice | The window ended unexpectedly and was started again. Nothing that was stored is lost. |
        | notice | The window ended unexpectedly and was started again. Nothing that was stored is lost. |
        | notice | The window ended unexpectedly and was started again. Nothing that was stored is lost. |

    @inproc
    Scenario: A window that is slow for a moment stays, and shows then what it has missed
      Given Ada is signed in with Firefox on Windows too
      And the window is at the far end of real pipes
      And Ada is signed in
      And Ada wrote the note "Engines weave. Numbers follow."
      When the window reads nothing for 4 seconds, and asks where Ada is signed in
      Then it is the same window as before
      And it says "Firefox on Windows"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | list of sessions |

    @inproc
    Scenario: It asks for more just when it reads again, and each answer comes whole
      Given the window is at the far end of real pipes
      And the app is open
      And Ada wrote a note of 4,200 characters
      When the window reads nothing for 4 seconds, and asks for the note once more just then
      Then each of the last 2 answers has the note of 4,200 characters
      And it is the same window as before
      And the window shows the login form
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: It says more than fits into a line, and each of its lines is short enough
      Given the window is at the far end of real pipes
      And the app is open
      When the window says more than 1 MiB, a piece at a time
      Then it is the same window as before
      And the window shows the login form
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: It crashes after it was replaced in order, and that is said all the same
      Given Ada is signed in
      And Ada has pressed "sign out"
      And Ada has pressed "restart"
      When the window crashes
      Then it is another window than before
      And the window shows the login form
      And no token is stored
      And this happened, and nothing else:
        | notice | The window ended unexpectedly and was started again. Nothing that was stored is lost. |

    @inproc
    Scenario: The window crashes while a sync is under way
      Given Ada is signed in
      And the next "notes" request is not answered yet
      And Ada has pressed "sync"
      When the window crashes
      Then it is another window than before
      And sync and the assistant are ready
      And Ada's tokens are kept
      And this happened, and nothing else:
        | notice | The window ended unexpectedly and was started again. Nothing that was stored is lost. |

    @inproc
    Scenario: It crashes since the display goes away, and the next one meets none: what is kept is said all the same
      Given Ada is signed in
      And Ada wrote the note "Engines weave. Numbers follow."
      When the window crashes, and the next one finds no display
      Then the app ends and says "The display went away, and the app with it. What was typed is kept up to"
      And Ada's tokens are kept
      And nothing else happened

    @inproc
    Scenario: A window that crashes again and again is given up, and what it complained of last is said
      Given the window is at the far end of real pipes
      And Ada is signed in
      When the window crashes again and again
      Then the app ends and says "The window keeps ending. The window said: Out of memory. Nothing that was stored is lost."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | notice | The window ended unexpectedly and was started again. Nothing that was stored is lost. |
        | notice | The window ended unexpectedly and was started again. Nothing that was stored is lost. |
        | notice | The window ended unexpectedly and was started again. Nothing that was stored is lost. |

  @SB-8
  Rule: A window process serves one person, and whoever comes after her gets a fresh one

    Scenario: Bob signs in when Ada's session has ended
      Given Ada is signed in
      And the server has ended Ada's session
      And Ada has pressed "sync"
      When Bob signs in
      Then it is another window than before
      And the window shows Bob signed in
      And Bob's tokens are stored
      And this happened, and nothing else:
        | server   | sign-in, session check, notes                   |
        | keychain | write key                                       |
        | disk     | write tokens, write profile, write sync state   |

    Scenario: Ada signs in again when her session has ended
      Given Ada is signed in
      And the server has ended Ada's session
      And Ada has pressed "sync"
      When Ada signs in
      Then it is the same window as before
      And the window shows Ada signed in
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | sign-in, session check, notes                   |
        | keychain | write key                                       |
        | disk     | write tokens, write profile, write sync state   |

    @inproc
    Scenario: Bob signs in in another copy
      Given Ada is signed in
      And another copy of the app is open
      And Bob has signed in in the other copy
      When 10 seconds pass
      Then it is another window than before
      And the window shows Bob signed in
      And Bob's tokens are renewed
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                   |
        | keychain | read key                                                        |
        | disk     | write journal, write tokens, delete journal, write sync state   |

    @inproc
    Scenario: The window that has to go wants Bob signed out with its last words
      Given Ada is signed in
      And another copy of the app is open
      And the window asks for a sign-out when it is told to leave
      And Bob has signed in in the other copy
      When 10 seconds pass
      Then it is another window than before
      And the window shows Bob signed in
      And Bob's tokens are renewed
      And what is usual at a start happened, and nothing else

    @inproc
    Scenario: Ada signs out, and nothing has been synced
      Given Ada was signed in when the app was closed
      And the server can't be reached
      And the app is open
      When Ada presses "sign out"
      Then it is another window than before
      And the window shows the login form
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out                                                                                                           |
        | keychain | delete key                                                                                                         |
        | disk     | delete tokens, delete profile, delete sync state                                                                   |
        | notice   | You are signed out on this computer. The server could not be told, so it may list the session until it expires.  |

  @SB-10
  Rule: What costs the person something is limited per minute, whatever the window asks for

    @inproc
    Scenario: Mallory tries passwords through the window
      Given the app is open
      When the window tries 30 passwords
      Then the window is refused "Signing in was tried too often within a minute. Nothing was sent this time."
      And it says "Invalid email or password"
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in, sign-in, sign-in, sign-in, sign-in, sign-in, sign-in, sign-in, sign-in, sign-in |

    @inproc
    Scenario Outline: Mallory has the window ask <often>
      Given the app is open
      When the window asks <often>
      Then the window is refused "<sentence>"
      And the window shows the login form
      And no token is stored
      And nothing else happened

      Examples:
        | often                                        | sentence                                                                                                     |
        | 130 times to delete a note                   | Too many notes were deleted within a minute. This one was not. Wait a minute, then try again.                |
        | 30 times to clear the storage                | This was asked too often within a minute. Nothing was done this time. Wait a minute, then try again.         |
        | 10 times to have the message sent again      | The message was sent too often within a minute. It was not sent this time. Wait a minute, then try again.    |

    @inproc
    Scenario Outline: What was asked too often is done again when <meanwhile>
      Given the app is open
      And the computer's clock is a day ahead
      And the window has asked 30 times to clear the storage
      And <meanwhile>
      When the window clears the storage
      Then the window is answered with nothing
      And no token is stored
      And nothing else happened

      Examples:
        | meanwhile                           |
        | 1 minute has passed                 |
        | the computer's clock is right again |

    @inproc
    Scenario: Who goes on trying meanwhile has to wait no longer for that
      Given the app is open
      And the window has asked 30 times to clear the storage
      And 40 seconds have passed
      And the window has asked 30 times to clear the storage
      And 30 seconds have passed
      When the window clears the storage
      Then the window is answered with nothing
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Mallory tries codes through the window while Ada is asked for one
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      When the window tries 30 codes
      Then the window is refused "Codes were tried too often within a minute. This one was not sent."
      And no token is stored
      And this happened, and nothing else:
        | server | second factor |

    @inproc
    Scenario: Mallory has codes sent to Ada's mailbox through the window
      Given a server that sends codes by e-mail
      And Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And Ada has pressed "send a code by e-mail"
      And Ada has pressed "send a code by e-mail"
      And Ada has pressed "send a code by e-mail"
      And Ada has pressed "send a code by e-mail"
      And Ada has pressed "send a code by e-mail"
      When Ada presses "send a code by e-mail"
      Then the window is refused "Codes were sent too often within a minute. None was sent this time."
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Mallory buries Ada under tabs of her browser, before any of them is there
      Given the browser stays open
      And the app is open
      And Ada has pressed "sign in with the browser"
      And Ada has pressed "open the link" 4 times
      When Ada presses "open the link"
      Then it says "The link was opened several times just now. Open it yourself, or wait a minute."
      And the window shows that a sign-in is under way
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Mallory tries it where no browser can be opened: each try counts all the same
      Given the browser can't be opened
      And the app is open
      And Ada has pressed "sign in with the browser"
      And Ada has pressed "open the link" 4 times
      When Ada presses "open the link"
      Then it says "The link was opened several times just now. Open it yourself, or wait a minute."
      And no token is stored
      And nothing else happened

    @inproc
    Scenario Outline: Ada can open the link again when <meanwhile>
      Given the app is open
      And the computer's clock is a day ahead
      And Ada has pressed "sign in with the browser"
      And Ada has pressed "open the link" 5 times
      And <meanwhile>
      When Ada presses "open the link"
      Then Ada's link was opened in the browser
      And it does not say "The link was opened several times just now. Open it yourself, or wait a minute."
      And no token is stored
      And this happened, and nothing else:
        | browser | open the link |

      Examples:
        | meanwhile                           |
        | 1 minute has passed                 |
        | the computer's clock is right again |

  @SB-11
  Rule: The app is closed to other programs of the same user from its first instruction

    A program may look into another of the same user, and what it has opened stays open. A
    desktop starts every program open; one that closes itself only afterwards may have been looked
    into by then.

    Scenario: Another program looks into the app from its first moment on
      Given another program of Ada's looks into the app from its first moment on
      And the app is open
      When Ada signs in
      Then that program sees no secret
      And the window shows Ada signed in
      And Ada's tokens are stored
      And what is usual at a sign-in happened, and nothing else
