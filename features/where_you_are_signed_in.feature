Feature: Where you are signed in

  People who signed in on a borrowed computer, or lost a phone, want to see where their account is
  open and close it from where they are. The server knows, because every program names itself when
  it asks. Its list holds the token of each of their sessions, so the app keeps those to itself: the
  window gets the name of each program, two times, and a number that means nothing to anybody else.
  Nothing is asked before they want to know.

  @WS-1
  Rule: The person sees where she is signed in, and never a token

    @inproc
    Scenario Outline: Ada has <program> open elsewhere
      Given Ada is signed in with <program> too
      And Ada is signed in
      When Ada presses "where am I signed in"
      Then it says "<program>"
      And "This session" stands above "<program>"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | list of sessions |

      Examples:
        | program               |
        | Firefox on Windows    |
        | Edge on Windows       |
        | Safari on an iPhone   |
        | Chrome on Android     |
        | acme 2.1 on Debian 12 |

    @inproc
    Scenario: Of two programs the one that was used last stands first
      Given Ada is signed in with Firefox on Windows too
      And 2 minutes have passed
      And Ada is signed in with Safari on an iPhone too
      And Ada is signed in
      When Ada presses "where am I signed in"
      Then "This session" stands above "Safari on an iPhone"
      And "Safari on an iPhone" stands above "Firefox on Windows"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | list of sessions |

    @inproc
    Scenario: A program of which no later time is said, or none that can be read, counts as of its sign-in
      Given Ada is signed in
      And the answer to the next "list of sessions" request is 200 json - [{"token":"0123456789abcdef","createdAt":"2030-02-01T18:00:00Z","updatedAt":"2030-03-02T18:00:00","userAgent":"Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0"},{"token":"123456789abcdef0","createdAt":"2030-03-01T18:00:00Z","userAgent":"Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"}]
      When Ada presses "where am I signed in"
      Then "Firefox on Linux" stands above "Firefox on Windows"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | list of sessions |

    @inproc
    Scenario: Ada is signed in here alone
      Given Ada is signed in
      When Ada presses "where am I signed in"
      Then it says "You are signed in only here."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | list of sessions |

    @inproc
    Scenario: It takes longer than a moment
      Given Ada is signed in
      And the next "list of sessions" request is not answered yet
      When Ada presses "where am I signed in"
      Then it says "Asking the server…"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | list of sessions |

    @inproc
    Scenario: It does so when she looks again, and what she has seen stays meanwhile
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And Ada has pressed "where am I signed in"
      And the next "list of sessions" request is not answered yet
      When Ada presses "where am I signed in"
      Then it says "Asking the server…"
      And it says "Firefox on Windows"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | list of sessions |

    @inproc
    Scenario: She is offline by the time that it comes, and it is not shown any more
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And the next "list of sessions" request is not answered yet
      And Ada has pressed "where am I signed in"
      And the server can't be reached
      And Ada has pressed "sync"
      When the server answers
      Then the window shows Ada offline
      And it does not say "Firefox on Windows"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | refresh                       |
        | disk   | write journal, delete journal |

    @inproc
    Scenario: She looks again when her token has run out and the server is away, and what she saw is gone
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And Ada has pressed "where am I signed in"
      And Ada's access token has run out
      And the next "refresh" request fails
      When Ada presses "where am I signed in"
      Then the window shows Ada offline
      And it does not say "Firefox on Windows"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | list of sessions, refresh |
        | disk   | write journal             |

    @inproc
    Scenario: Bob signs in after Ada on the same computer
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And Ada has pressed "where am I signed in"
      And the server has ended Ada's session
      And Ada has pressed "sync"
      When Bob signs in
      Then the window shows Bob signed in
      And it does not say "Firefox on Windows"
      And Bob's tokens are stored
      And what is usual at a sign-in happened, and nothing else

  @WS-2
  Rule: Another session can be signed out, and is over at once

    Scenario: Ada signs out a browser that she left open
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in with Safari on an iPhone too
      And Ada is signed in
      And Ada has pressed "where am I signed in"
      When Ada signs out "Firefox on Windows"
      Then it says "Signed out: Firefox on Windows."
      And Ada is no longer signed in with Firefox on Windows
      And Ada is still signed in with Safari on an iPhone
      And "sign out this session" can't be pressed
      And the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | end of a session, list of sessions |

    @inproc
    Scenario: It is over, and the list can't be had any more
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And Ada has pressed "where am I signed in"
      And the next "list of sessions" request fails
      When Ada signs out "Firefox on Windows"
      Then it says "Signed out: Firefox on Windows. The server has a problem (error 503). You stay signed in."
      And Ada is no longer signed in with Firefox on Windows
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | end of a session, list of sessions |

    @inproc
    Scenario: The server says that it is over, and lists it still
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And Ada has pressed "where am I signed in"
      And the next "end of a session" request is answered with nothing
      When Ada signs out "Firefox on Windows"
      Then it says "The server did not end that session. Try again."
      And Ada is still signed in with Firefox on Windows
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | end of a session, list of sessions |

    @inproc
    Scenario Outline: What Ada asks the server to end <happens>
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And Ada has pressed "where am I signed in"
      And the next "end of a session" request <happens>
      When Ada signs out "Firefox on Windows"
      Then it says "<words>"
      And it does not say "Signed out: Firefox on Windows."
      And Ada is still signed in with Firefox on Windows
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | end of a session |

      Examples:
        | happens        | words                                                           |
        | is forbidden   | The server refused that (error 403). Nothing was changed.       |
        | is not offered | This server does not offer a list of your sessions.             |

    @inproc
    Scenario: The session of this app itself is not ended from the list
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And Ada has pressed "where am I signed in"
      When the window asks to sign this app out from the list
      Then the window is refused "This session is not in the list any more."
      And the window shows Ada signed in
      And Ada's tokens are kept
      And nothing else happened

  @WS-3
  Rule: All others can be signed out together, and here too as a sign-out

    @inproc
    Scenario: Ada keeps this computer alone
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in with Safari on an iPhone too
      And Ada is signed in
      And Ada has pressed "where am I signed in"
      When Ada presses "sign out all others"
      Then it says "Signed out everywhere else. You are signed in only here."
      And Ada is no longer signed in with Firefox on Windows
      And Ada is no longer signed in with Safari on an iPhone
      And the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | end of all others, list of sessions |

    Scenario: Ada signs out everywhere
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And Ada has pressed "where am I signed in"
      When Ada presses "sign out everywhere"
      Then the window shows that a restart is needed
      And Ada's tokens are gone
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server   | end of all others, sign-out                          |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |

    @inproc
    Scenario: The server does not let her, and says so
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And Ada has pressed "where am I signed in"
      And the next "end of all others" request is forbidden
      When Ada presses "sign out all others"
      Then it says "The server refused that (error 403). Nothing was changed."
      And Ada is still signed in with Firefox on Windows
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | end of all others |

    @inproc
    Scenario: The others could not be ended, so Ada is not signed out here either
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And Ada has pressed "where am I signed in"
      And the next "end of all others" request fails
      When Ada presses "sign out everywhere"
      Then the window shows Ada signed in
      And it says "The server has a problem (error 503). You stay signed in."
      And Ada is still signed in with Firefox on Windows
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | end of all others |

  @WS-4
  Rule: Where the server wants a newer sign-in for the list, the session goes on

    @inproc
    Scenario: Ada signed in two hours ago
      Given a server that wants a sign-in of the last hour for the list
      And Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And 2 hours have passed
      When Ada presses "where am I signed in"
      Then it says "Sign out and sign in again to see it."
      And it says "Sign out and sign in again"
      And it does not say "Firefox on Windows"
      And the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | list of sessions, session check |

    @inproc
    Scenario: She can sign out all others all the same
      Given a server that wants a sign-in of the last hour for the list
      And Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And 2 hours have passed
      And Ada has pressed "where am I signed in"
      When Ada presses "sign out all others"
      Then it says "Signed out everywhere else."
      And Ada is no longer signed in with Firefox on Windows
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | end of all others, list of sessions |

  @WS-5
  Rule: A computer that was signed out from elsewhere learns it at its next check

    @inproc
    Scenario: Ada's browser signs this computer out, and the next sync finds it out
      Given Ada is signed in
      And Ada is signed in with Firefox on Windows too
      And Ada has signed this computer out from Firefox on Windows
      When Ada presses "sync"
      Then the window shows Ada with an expired session
      And it says "Sign in again to restore cloud features."
      And the reason that is kept says "signed out from elsewhere"
      And Ada's tokens are gone
      And Ada is still signed in with Firefox on Windows
      And this happened, and nothing else:
        | server   | notes, refresh                                                  |
        | keychain | delete key                                                      |
        | disk     | write journal, delete journal, write history, delete tokens     |
        | notice   | Session expired. Sign in again to restore cloud features.       |

    @inproc
    Scenario: It finds it out by asking for the list
      Given Ada is signed in
      And Ada is signed in with Firefox on Windows too
      And Ada has signed this computer out from Firefox on Windows
      When Ada presses "where am I signed in"
      Then the window shows Ada with an expired session
      And it does not say "Firefox on Windows"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | list of sessions, refresh                                       |
        | keychain | delete key                                                      |
        | disk     | write journal, delete journal, write history, delete tokens     |
        | notice   | Session expired. Sign in again to restore cloud features.       |

  @WS-6
  Rule: The app names itself, its version and the system to the server

    @inproc
    Scenario: What Ada would read of this computer elsewhere
      Given Ada is signed in
      When Ada presses "where am I signed in"
      Then the list names this app, its version and this system
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | list of sessions |

  @WS-7
  Rule: A list that can't be had is said, and nothing is given up

    @inproc
    Scenario Outline: The server <happens>
      Given Ada is signed in
      And the next "list of sessions" request <happens>
      When Ada presses "where am I signed in"
      Then it says "<words>"
      And the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | list of sessions |

      Examples:
        | happens                         | words                                                         |
        | fails                           | The server has a problem (error 503). You stay signed in.     |
        | is not offered                  | This server does not offer a list of your sessions.           |
        | is answered with nothing        | The server's answer was not understood. Nothing was changed.  |
        | is answered by a captive portal | The server's answer was not understood. Nothing was changed.  |
        | is answered in brackets without end | The server's answer was not understood. Nothing was changed. |
        | is asked to wait 30 seconds     | The server asks you to wait 30 seconds. You stay signed in.       |

    @inproc
    Scenario: Ada has seen the list before, and sees it still
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And Ada has pressed "where am I signed in"
      And the next "list of sessions" request fails
      When Ada presses "where am I signed in"
      Then it says "The server has a problem (error 503). You stay signed in."
      And it says "Firefox on Windows"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | list of sessions |

    @inproc
    Scenario: The window crashes before the answer, and the next one can ask
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And Ada has pressed "where am I signed in"
      And the next "list of sessions" request is not answered yet
      And Ada has pressed "where am I signed in"
      When the window crashes
      Then it does not say "Asking the server…"
      And "where am I signed in" can be pressed
      And Ada's tokens are kept
      And this happened, and nothing else:
        | notice | The window ended unexpectedly and was started again. Nothing that was stored is lost. |

    @inproc
    Scenario: The server is not there
      Given Grace is signed in
      And the server can't be reached
      When Grace presses "where am I signed in"
      Then the window shows Grace offline
      And it says "The server can't be reached: nothing answers at"
      And it says "You stay signed in."
      And Grace's tokens are kept
      And this happened, and nothing else:
        | server | list of sessions, session check |
