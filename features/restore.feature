Feature: Starting again

  Nobody wants to sign in every morning. At a start the app looks for the tokens that it stored,
  shows who was signed in at once, and asks the server meanwhile whether the session is still good.

  The app may have been closed for weeks, so the access token, which lives for minutes, is almost
  certainly dead: the refresh token is used first. And whatever keeps the app from asking, a train,
  a hotel's network, a server in trouble, says nothing about the session. Only the server itself can
  end it.

  @RS-1
  Rule: Secure storage is asked first; without it signing in is switched off

    Scenario Outline: Ada starts the app while the keychain <state>
      Given Ada was signed in when the app was closed
      And the keychain <state>
      When Ada opens the app
      Then the window shows that signing in is not possible
      And it says "<words>"
      And Ada's tokens are kept
      And nothing else happened

      Examples:
        | state        | words                       |
        | is locked    | Your keychain is locked. Unlock your keychain, then try again. |
        | is not there | No keychain service answers |

  @RS-2
  Rule: With no token stored no request is made

    Scenario: The very first start
      When Ada opens the app
      Then the window shows the login form
      And it says "Once you sign in, your session is encrypted on this computer."
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Ada's session had ended when the app was closed, and nobody is greeted by her name
      Given Ada is signed in
      And the server has ended Ada's session
      And Ada has pressed "sync"
      And the window was closed
      When Ada opens the app
      Then the window shows the login form
      And the window never showed Ada, and that the server is being asked
      And no token is stored
      And nothing else happened

  @RS-3
  Rule: The cached profile is shown before the server has answered

    Scenario: The server takes its time
      Given Ada was signed in when the app was closed
      And the next "refresh" request is not answered yet
      When Ada opens the app
      Then the window shows Ada, and that the server is being asked
      And it says "Waiting for the server."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh       |
        | keychain | read key      |
        | disk     | write journal |

    Scenario: The window never flashes a login form
      Given Ada was signed in when the app was closed
      When Ada opens the app
      Then the window shows Ada signed in
      And the window never showed the login form
      And Ada's tokens are renewed
      And what is usual at a start happened, and nothing else

    @inproc
    Scenario Outline: The cached profile <is>, and comes back with the server's answer
      Given Ada was signed in when the app was closed
      And the cached profile <is>
      When Ada opens the app
      Then the window shows Ada signed in
      And the settings hold "Ada Lovelace" and no token
      And this happened, and nothing else:
        | server   | refresh, session check, notes |
        | keychain | read key                      |
        | disk     | <first>, write tokens, delete journal, write profile, write sync state |

      Examples:
        | is                 | first                            |
        | is gone            | write journal                    |
        | was damaged        | set aside profile, write journal |
        | is brackets without end | set aside profile, write journal |
        | has half a letter in it | set aside profile, write journal |
        | has grown too much | write journal                    |

    @inproc
    Scenario: Ada has another name since, and it is the one that the next start shows first
      Given each server counts its users
      And Ada was signed in when the app was closed
      And the answer to the next "session check" request is 200 json - {"session":{"expiresAt":"2030-03-18T00:00:00.000Z"},"user":{"id":"1","name":"Ada King","email":"ada@example.com"}}
      When Ada opens the app
      Then it says "Ada King"
      And the settings hold "Ada King" and no token
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server   | refresh, session check, notes |
        | keychain | read key |
        | disk     | write journal, write tokens, delete journal, write profile, write sync state |

    @inproc
    Scenario Outline: <What> to the server, and its answer has her new name all the same
      Given each server counts its users
      And Ada was signed in when the app was closed
      And the answer to the next "session check" request is 200 json - {"session":<session>,"user":{"id":<id>,"name":"<name>","email":"<address>"}}
      When Ada opens the app
      Then it says "Ada King"
      And the settings hold "Ada King" and no token
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server   | refresh, session check, notes |
        | keychain | read key |
        | disk     | write journal, write tokens, delete journal, write profile, write sync state |

      Examples:
        | What                        | session                                  | id  | name                          | address                              |
        | She is a number             | {"expiresAt":"2030-03-18T00:00:00.000Z"} | 1   | Ada King                      | ada@example.com                      |
        | Her session is nothing      | null                                     | "1" | Ada King                      | ada@example.com                      |
        | Her name is a megabyte long | {"expiresAt":"2030-03-18T00:00:00.000Z"} | "1" | Ada King 1,100,000 characters | ada@example.com 1,100,000 characters |

  @RS-4
  Rule: The refresh token is used at once

    @inproc
    Scenario: A week later the first request is the refresh
      Given a server with refresh tokens
      And Ada was signed in when the app was closed
      And a week has passed
      When Ada opens the app
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And "refresh" came before "session check"
      And what is usual at a start happened, and nothing else

  @RS-5
  Rule: Fresh user data takes the place of the cached profile

    Scenario: Ada's name has changed since the last start
      Given Ada was signed in when the app was closed
      And the cached name is "Ada Byron"
      When Ada opens the app
      Then meanwhile the window showed Ada, and that the server is being asked
      And the window shows Ada signed in
      And it says "Ada Lovelace"
      And the settings hold "Ada Lovelace" and no token
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                                  |
        | keychain | read key                                                                       |
        | disk     | write journal, write tokens, delete journal, write profile, write sync state   |

  @RS-6
  Rule: A session that the server refuses has expired

    Scenario: Ada was signed out from elsewhere while the app was closed
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      When Ada opens the app
      Then the window shows Ada with an expired session
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | refresh                                                        |
        | keychain | read key, delete key                                           |
        | disk     | write journal, delete journal, write history, delete tokens    |
        | notice   | Session expired. Sign in again to restore cloud features.      |

    @inproc
    Scenario: The server forbids the refresh for a reason of its own
      Given Ada was signed in when the app was closed
      And the next "refresh" request is forbidden
      When Ada opens the app
      Then the window shows Ada offline
      And it says "You stay signed in."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh                        |
        | keychain | read key                       |
        | disk     | write journal, delete journal  |

  @RS-7
  Rule: A network failure costs nothing

    Scenario Outline: Grace starts the app on a train, where the server <state>
      Given Grace was signed in when the app was closed
      And the server <state>
      When Grace opens the app
      Then the window shows Grace offline
      And it says "<words>"
      And Grace's tokens are kept
      And this happened, and nothing else:
        | server   | refresh                        |
        | keychain | read key                       |
        | disk     | write journal, delete journal  |

      Examples:
        | state                 | words                 |
        | can't be reached      | can't be reached      |

      @inproc
      Examples: that only a test's network can show
        | state                 | words                 |
        | can't be found        | can't be found        |
        | can't prove who it is | can't prove who it is |

  @RS-8
  Rule: Who was signed in sees no login form after a restart

    Scenario: Ada starts the app twice
      Given Ada was signed in when the app was closed
      And the app was opened and closed again
      When Ada opens the app
      Then the window shows Ada signed in
      And the window never showed the login form
      And it is another window than before
      And Ada's tokens are renewed
      And what is usual at a start happened, and nothing else

    @desktop
    Scenario: Ada's server is a real BetterAuth
      Given a real BetterAuth server
      And Ada was signed in when the app was closed
      When Ada opens the app
      Then the window shows Ada signed in
      And the window never showed the login form
      And it says "ada@example.com"
      And access token and refresh token are the same
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                   |
        | keychain | read key                                                        |
        | disk     | write journal, delete journal, write tokens, write sync state   |

  @RS-9
  Rule: A server that has no refresh is asked about the session instead

    Scenario: The first start at a server with sliding sessions
      Given a server with sliding sessions
      And Ada was signed in when the app was closed
      When Ada opens the app
      Then the window shows Ada signed in
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                   |
        | keychain | read key                                                        |
        | disk     | write journal, delete journal, write tokens, write sync state   |

    Scenario: From the second start on the app knows it
      Given a server with sliding sessions
      And Ada was signed in when the app was closed
      And the app was opened and closed again
      When Ada opens the app
      Then the window shows Ada signed in
      And this happened, and nothing else:
        | server   | session check, notes            |
        | keychain | read key                        |
        | disk     | write tokens, write sync state  |

    @inproc
    Scenario: A proxy's page in place of the refresh says nothing about the server
      Given a server with sliding sessions
      And Ada was signed in when the app was closed
      And the answer to the next "refresh" request is 404 html - No upstream
      When Ada opens the app
      Then the window shows Ada offline
      And it says "Something else answered in the server's place"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh                        |
        | keychain | read key                       |
        | disk     | write journal, delete journal  |

    @inproc
    Scenario: A server that hands out refresh tokens denies for a moment that it has a refresh
      Given Ada was signed in when the app was closed
      And the next "refresh" request is not offered
      And the app is open
      When 10 seconds pass
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | refresh, session check, notes                                   |
        | disk   | write journal, write tokens, delete journal, write sync state   |

  @RS-10
  Rule: An empty session check means that the session has ended

    Scenario: Ada's sliding session was ended from elsewhere
      Given a server with sliding sessions
      And Ada was signed in when the app was closed
      And the server has ended Ada's session
      When Ada opens the app
      Then the window shows Ada with an expired session
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | refresh, session check                                         |
        | keychain | read key, delete key                                           |
        | disk     | write journal, delete journal, write history, delete tokens    |
        | notice   | Session expired. Sign in again to restore cloud features.      |
