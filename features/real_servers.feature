@desktop
Feature: BetterAuth as people run it

  An embedded server that was written beside the app proves little: both may share a mistake. So the
  flows of the other features are run here against BetterAuth itself, of both generations, with
  stock sessions and with what people add to them: refresh tokens of one kind or the other, signed
  tokens, sessions of seconds, limits, a store that breaks. Where its answers differ from what the
  name of an endpoint promises, these examples are how the app finds out in time. They need Node,
  and say so where there is none. Each rule here is one of another feature.

  @RS-8
  Rule: A session lasts over a restart with every kind of session that the server may have

    Scenario Outline: The next morning, at a BetterAuth <release> server <kind>
      Given a real BetterAuth <release> server <kind>
      And Ada was signed in when the app was closed
      When Ada opens the app
      Then the window shows Ada signed in
      And the window never showed the login form
      And it says "ada@example.com"
      And it says "<mode>"
      And this happened, and nothing else:
        | server   | refresh, session check, notes |
        | keychain | read key                      |
        | disk     | <disk>                        |

      Examples: The core
        | release | kind                                    | mode                                   | disk                                                          |
        | 1.7     | with refresh tokens                     | Access token with a one-time refresh   | write journal, write tokens, delete journal, write sync state |
        | 1.4     | with stock sessions                     | One token, extended by use            | write journal, delete journal, write tokens, write sync state |

      @matrix
      Examples: The others
        | release | kind                                    | mode                                   | disk                                                          |
        | 1.7     | with stock sessions                     | One token, extended by use            | write journal, delete journal, write tokens, write sync state |
        | 1.7     | whose session token is its refresh token | Access token with a one-time refresh  | write journal, write tokens, delete journal, write sync state |
        | 1.7     | that takes signed tokens alone          | One token, extended by use            | write journal, delete journal, write tokens, write sync state |
        | 1.4     | with refresh tokens                     | Access token with a one-time refresh   | write journal, write tokens, delete journal, write sync state |
        | 1.4     | whose session token is its refresh token | Access token with a one-time refresh  | write journal, write tokens, delete journal, write sync state |
        | 1.4     | that takes signed tokens alone          | One token, extended by use            | write journal, delete journal, write tokens, write sync state |

  @SI-1
  Rule: People sign in by e-mail or by user name

    Scenario Outline: Ada signs in as <name> at a BetterAuth <release> server <kind>
      Given a real BetterAuth <release> server <kind>
      And the app is open
      When Ada signs in as "<name>"
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And what is usual at a sign-in happened, and nothing else

      Examples: The core
        | name | release | kind                           |
        | ada  | 1.7     | that takes signed tokens alone |

      @matrix
      Examples: The others
        | name            | release | kind                           |
        | ada@example.com | 1.7     | with stock sessions            |
        | ada@example.com | 1.7     | with refresh tokens            |
        | ada             | 1.4     | with stock sessions            |
        | ada@example.com | 1.4     | that takes signed tokens alone |

  @OF-1
  Rule: A session that has run out is ended by the server's own no

    Scenario Outline: The session runs out at a BetterAuth <release> server
      Given a real BetterAuth <release> server with sessions of an hour
      And Ada is signed in
      And Ada's session has run out by itself
      When Ada presses "sync"
      Then the window shows Ada with an expired session
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | notes, refresh, session check                                   |
        | keychain | delete key                                                      |
        | disk     | write journal, delete journal, write history, delete tokens     |
        | notice   | Session expired. Sign in again to restore cloud features.       |

      Examples: The core
        | release |
        | 1.7     |

      @matrix
      Examples: The other
        | release |
        | 1.4     |

  @WS-5
  Rule: A computer that was signed out from elsewhere learns it at its next check, with any server

    Scenario Outline: Ada's browser signs this computer out, at a BetterAuth <release> server with refresh tokens
      Given a real BetterAuth <release> server with refresh tokens
      And Ada is signed in
      And Ada is signed in with Firefox on Windows too
      And Ada has signed this computer out from Firefox on Windows
      When Ada presses "sync"
      Then the window shows Ada with an expired session
      And Ada's tokens are gone
      And Ada is still signed in with Firefox on Windows
      And this happened, and nothing else:
        | server   | notes, refresh                                                  |
        | keychain | delete key                                                      |
        | disk     | write journal, delete journal, write history, delete tokens     |
        | notice   | Session expired. Sign in again to restore cloud features.       |

      Examples: The core
        | release |
        | 1.4     |

      @matrix
      Examples: The other
        | release |
        | 1.7     |

  @OF-7
  Rule: A limit on sign-ins is told as what it is

    Scenario: Somebody has guessed three passwords
      Given a real BetterAuth 1.7 server with its rate limits on
      And the app is open
      And somebody has guessed Ada's password three times
      When Ada signs in
      Then the window shows the login form
      And it says "Too many tries. Try again in"
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

  @OF-3
  Rule: A session store that breaks costs no session

    Scenario Outline: Ada starts the app while the store of a BetterAuth <release> server is broken
      Given a real BetterAuth <release> server with refresh tokens
      And Ada was signed in when the app was closed
      And the server's session store is broken
      When Ada opens the app
      Then the window shows Ada offline
      And it says "The server has a problem (error 500). You stay signed in."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh       |
        | keychain | read key      |
        | disk     | write journal |

      Examples: The core
        | release |
        | 1.7     |

      @matrix
      Examples: The other
        | release |
        | 1.4     |

  @SI-12
  Rule: In the browser a person does all that her account asks for, and the app waits for the code alone

    No account yet, a forgotten password, an account at somebody else's, a second factor, a passkey:
    the server's pages know how, and the app needs to know none of it. They are the pages of the
    example server; the app sees the same code come back.

    Scenario Outline: <who> <does> in the browser
      Given a real BetterAuth 1.7 server with more ways in than a password
      And the app is open
      And <who> has pressed "sign in with the browser"
      When <who> <does> in the browser
      Then the window shows <who> signed in
      And <who>'s tokens are stored
      And this happened, and nothing else:
        | server   | code exchange, session check, notes            |
        | keychain | write key                                      |
        | disk     | write tokens, write profile, write sync state  |

      Examples:
        | who   | does                                 |
        | Bob   | makes an account                     |
        | Ada   | asks for a new password              |
        | Grace | signs in with her account elsewhere  |
        | Ada   | enters the code of her authenticator |
        | Ada   | signs in with a passkey              |
