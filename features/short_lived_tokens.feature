@inproc
Feature: Short-lived tokens for the application's API

  Some servers hand out a JWT for a session: a signed statement of who somebody is that ends by
  itself within minutes, so that an API can believe it without asking the auth server each time. The
  price is that nobody can take it back: it is good until its end, even after a sign-out. So the app
  fetches one only for calls that want it, holds it in memory alone, gives it to nobody else, and
  drops it with the session. The session itself lives and ends by its own tokens, as everywhere else
  in these features.

  @JW-1
  Rule: A call that wants a JWT goes with one, which the session's token fetches

    Scenario: The first call
      Given a server that hands out JWTs
      And Ada is signed in
      When the app itself asks the server who is signed in, with a JWT
      Then the call was answered for Ada
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | JWT, who am I |

    Scenario: The next call, while the JWT is good
      Given a server that hands out JWTs
      And Ada is signed in
      And the app itself has asked the server who is signed in, with a JWT
      And 10 minutes have passed
      When the app itself asks the server who is signed in, with a JWT
      Then the call was answered for Ada
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | who am I, session check |

    Scenario: The session's access token has run out
      Given a server that hands out JWTs
      And Ada is signed in
      And Ada's access token has run out
      When the app itself asks the server who is signed in, with a JWT
      Then the call was answered for Ada
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | JWT, refresh, JWT, who am I                 |
        | disk   | write journal, write tokens, delete journal |

  @JW-2
  Rule: It is renewed before it ends, once for all calls

    Scenario: The JWT is about to end
      Given a server that hands out JWTs with sliding sessions
      And Ada is signed in
      And the app itself has asked the server who is signed in, with a JWT
      And 14.5 minutes have passed
      When the app itself asks the server who is signed in, with a JWT
      Then the call was answered for Ada
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | JWT, session check, who am I |

    Scenario Outline: JWTs live for a minute, and one is <what> after <time> seconds
      Given a server that hands out JWTs of a minute
      And Ada is signed in
      And the app itself has asked the server who is signed in, with a JWT
      And <time> seconds have passed
      When the app itself asks the server who is signed in, with a JWT
      Then the call was answered for Ada
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | <asked> |

      Examples:
        | what          | time | asked         |
        | still used    | 40   | who am I      |
        | replaced      | 50   | JWT, who am I |

    Scenario: It does not say when it ends, so it is good for one call
      Given a server that hands out JWTs
      And Ada is signed in
      And the answer to each of the next 2 "JWT" requests is 200 json - {"token":"e30.e30.e30"}
      And the answer to each of the next 2 "who am I" requests is 200 json - {"email":"ada@example.com"}
      And the app itself has asked the server who is signed in, with a JWT
      When the app itself asks the server who is signed in, with a JWT
      Then the call brings "ada@example.com"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | JWT, who am I |

    Scenario: The server has a problem while the old one is still good
      Given a server that hands out JWTs with sliding sessions
      And Ada is signed in
      And the app itself has asked the server who is signed in, with a JWT
      And 14.5 minutes have passed
      And the next "JWT" request fails
      When the app itself asks the server who is signed in, with a JWT
      Then the call was answered for Ada
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | JWT, who am I, session check |

    Scenario: Ten calls at once
      Given a server that hands out JWTs
      And Ada is signed in
      When the app itself asks the server who is signed in, with a JWT, ten times at once
      Then the call was answered for Ada
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | JWT, who am I, who am I, who am I, who am I, who am I, who am I, who am I, who am I, who am I, who am I |

    @inproc
    Scenario: The server has a problem for longer than the old one is good
      Given a server that hands out JWTs
      And Ada is signed in
      And the app itself has asked the server who is signed in, with a JWT
      And 20 minutes have passed
      And the next "JWT" request fails, twice
      When the app itself asks the server who is signed in, with a JWT
      Then the call fails with "The server has a problem (error 503). You stay signed in."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | JWT |

  @JW-3
  Rule: A JWT that the API does not take is replaced once; then the session decides

    Scenario: The API does not take it
      Given a server that hands out JWTs
      And Ada is signed in
      And the app itself has asked the server who is signed in, with a JWT
      And the next "who am I" request is not authorised
      When the app itself asks the server who is signed in, with a JWT
      Then the call was answered for Ada
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | who am I, JWT, who am I |

    Scenario: It does not take the new one either: the session is good, so the call has failed and nothing else
      Given a server that hands out JWTs
      And Ada is signed in
      And the next "who am I" request is not authorised, twice
      When the app itself asks the server who is signed in, with a JWT
      Then the window shows Ada signed in
      And the call brings nothing
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | JWT, who am I, JWT, who am I |

    Scenario: The API's no to the old one comes when it has been replaced, and the new one is used
      Given a server that hands out JWTs
      And Ada is signed in
      And the app itself has asked the server who is signed in, with a JWT
      And one second has passed
      And the next "who am I" request is refused, but not yet
      And the app itself is asking the server for her name, with a JWT
      And the next "who am I" request is not authorised
      And the app itself has asked the server who is signed in, with a JWT
      When the server answers
      Then the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | who am I |

    Scenario: The session is over
      Given a server that hands out JWTs
      And Ada is signed in
      And the app itself has asked the server who is signed in, with a JWT
      And the server has ended Ada's session
      And the next "who am I" request is not authorised
      When the app itself asks the server who is signed in, with a JWT
      Then the call fails with "Session expired - please sign in again"
      And the window shows Ada with an expired session
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | who am I, JWT, refresh                                          |
        | keychain | delete key                                                      |
        | disk     | write journal, delete journal, write history, delete tokens     |
        | notice   | Session expired. Sign in again to restore cloud features.       |

  @JW-4
  Rule: It lives in memory alone, and no longer than the session and the person

    Scenario: It is nowhere but in the parent's memory
      Given a server that hands out JWTs
      And Ada is signed in
      When the app itself asks the server who is signed in, with a JWT
      Then no secret is where it must not be
      And the window has been sent nothing
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | JWT, who am I |

    Scenario: Ada has signed out
      Given a server that hands out JWTs
      And Ada is signed in
      And the app itself has asked the server who is signed in, with a JWT
      And Ada has pressed "sign out"
      When the app itself asks the server who is signed in, with a JWT
      Then the call fails with "No access token available"
      And the app holds no JWT
      And no token is stored
      And nothing else happened

    Scenario: The session ends while the first JWT is on its way, and what comes is not kept
      Given a server that hands out JWTs
      And Ada is signed in
      And the next "JWT" request is not answered yet
      And the app itself is asking the server for her name, with a JWT
      And the server has ended Ada's session
      And Ada has pressed "sync"
      When the server answers
      Then that call failed with "Session expired - please sign in again"
      And the window shows Ada with an expired session
      And the app holds no JWT
      And no token is stored
      And nothing else happened

    Scenario: The server has ended Ada's session
      Given a server that hands out JWTs
      And Ada is signed in
      And the app itself has asked the server who is signed in, with a JWT
      And the server has ended Ada's session
      When Ada presses "sync"
      Then the window shows Ada with an expired session
      And the app holds no JWT
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | notes, refresh                                                  |
        | keychain | delete key                                                      |
        | disk     | write journal, delete journal, write history, delete tokens     |
        | notice   | Session expired. Sign in again to restore cloud features.       |

    Scenario: The session ends while the next JWT is fetched, and the former is used no more
      Given a server that hands out JWTs with sliding sessions
      And Ada is signed in
      And the app itself has asked the server who is signed in, with a JWT
      And 14.5 minutes have passed
      And the next "JWT" request fails, but not yet
      And the app itself is asking the server for her name, with a JWT
      And the server has ended Ada's session
      And Ada has pressed "sync"
      When the server answers
      Then the window shows Ada with an expired session
      And the app holds no JWT
      And no token is stored
      And nothing else happened

    Scenario: Bob signs in after Ada
      Given a server that hands out JWTs
      And Ada is signed in
      And the app itself has asked the server who is signed in, with a JWT
      And the server has ended Ada's session
      And Ada has pressed "sync"
      When Bob signs in
      Then the window shows Bob signed in
      And the app holds no JWT
      And Bob's tokens are stored
      And what is usual at a sign-in happened, and nothing else

  @JW-5
  Rule: Where the server hands out none, that is said, and no other token goes in its place

    Scenario: A server without JWTs
      Given Ada is signed in
      When the app itself asks the server who is signed in, with a JWT
      Then the call fails with "This server hands out no short-lived tokens (JWT) for its API."
      And the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | JWT |

    Scenario: What comes is no JWT
      Given a server that hands out JWTs
      And Ada is signed in
      And the next "JWT" request is answered with nothing
      When the app itself asks the server who is signed in, with a JWT
      Then the call fails with "The server's short-lived token (JWT) was not understood."
      And the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | JWT |
