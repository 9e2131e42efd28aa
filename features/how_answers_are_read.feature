Feature: How a server's answers are read

  Everything that the app knows about a session it reads from answers. There are three families, and
  mixing them up is what signs people out for no reason: the server confirms, the server itself says
  no, or the app can't tell. An answer counts as the server's own no only if it comes from the
  configured address, in the server's own form, and says so. What else there is (portals, proxies,
  faults, limits, half answers) changes nothing that is stored.

  This is the one feature that speaks of status codes and bodies. "json", "html" and "none" are the
  answer's content type.

  @OF-1
  Rule: The server's own no ends the session

    @inproc
    Scenario Outline: The refresh is answered with a no: <status> <body>
      Given Ada was signed in when the app was closed
      And the answer to the next "refresh" request is <status> <type> <header> <body>
      When Ada opens the app
      Then the window shows Ada with an expired session
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | refresh                                                       |
        | keychain | read key, delete key                                          |
        | disk     | write journal, delete journal, write history, delete tokens   |
        | notice   | Session expired. Sign in again to restore cloud features.     |

      Examples: a refusal
        | status | type | header | body                                                                          |
        | 401    | json | -      | {"message":"Invalid or expired refresh token","code":"INVALID_REFRESH_TOKEN"} |
        | 401    | json | -      | {"message":"Unauthorized","code":"UNAUTHORIZED"}                              |
        | 401    | JSON | -      | {"message":"Signed out","code":"UNAUTHORIZED"}                                |
        | 401    | json | -      | {"error":"invalid_token","error_description":"Expired"}                       |
        | 400    | json | -      | {"error":"invalid_grant"}                                                     |

      Examples: a prohibition that is about the token
        | status | type | header | body                                                   |
        | 403    | json | -      | {"message":"Session expired","code":"SESSION_EXPIRED"} |
        | 403    | json | -      | {"message":"Invalid token","code":"INVALID_TOKEN"}     |
        | 403    | json | -      | {"message":"Token expired","code":"TOKEN_EXPIRED"}     |
        | 403    | json | -      | {"message":"You are banned","code":"BANNED_USER"}      |

  @RS-10
  Rule: The session check's own no ends it too, and "null" is one

    @inproc
    Scenario Outline: The session check is answered with a no: <status> <body>
      Given a server with sliding sessions
      And Ada was signed in when the app was closed
      And the app was opened and closed again
      And the answer to the next "session check" request is <status> <type> <header> <body>
      When Ada opens the app
      Then the window shows Ada with an expired session
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | session check                                                 |
        | keychain | read key, delete key                                          |
        | disk     | write history, delete tokens                                  |
        | notice   | Session expired. Sign in again to restore cloud features.     |

      Examples: a refusal
        | status | type | header | body                                                   |
        | 200    | json | -      | null                                                   |
        | 401    | json | -      | {"message":"Unauthorized","code":"UNAUTHORIZED"}       |
        | 403    | json | -      | {"message":"Session expired","code":"SESSION_EXPIRED"} |

    @inproc
    Scenario: The server lost a race with itself, and is asked once more
      Given a server with sliding sessions
      And Ada was signed in when the app was closed
      And the app was opened and closed again
      And the answer to the next "session check" request is 401 json - {"message":"Failed to get session","code":"FAILED_TO_GET_SESSION"}
      When Ada opens the app
      Then the window shows Ada signed in
      And this happened, and nothing else:
        | server   | session check, session check, notes  |
        | keychain | read key                             |
        | disk     | write tokens, write sync state       |

  @OF-3
  Rule: Trouble, limits and misunderstandings are treated like a lost connection

    @inproc
    Scenario Outline: The refresh meets trouble: <status> <type> <body>
      Given Ada was signed in when the app was closed
      And the answer to the next "refresh" request is <status> <type> <header> <body>
      When Ada opens the app
      Then the window shows Ada offline
      And it says "<words>"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh       |
        | keychain | read key      |
        | disk     | write journal |

      Examples: a fault
        | status | type | header          | body                                   | words     |
        | 500    | none | -               | nothing                                | error 500 |
        | 500    | json | -               | {"message":"Failed","code":"INTERNAL"} | error 500 |
        | 502    | html | -               | <h1>Bad gateway</h1>                   | error 502 |
        | 503    | none | retry-after: 60 | nothing                                | error 503 |
        | 504    | html | -               | <h1>Timeout</h1>                       | error 504 |

    @inproc
    Scenario Outline: The refresh is not understood or not allowed: <status> <body>
      Given Ada was signed in when the app was closed
      And the answer to the next "refresh" request is <status> <type> <header> <body>
      When Ada opens the app
      Then the window shows Ada offline
      And it says "<words>"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh                        |
        | keychain | read key                       |
        | disk     | write journal, delete journal  |

      Examples: a prohibition that is not about the token
        | status | type | header | body                                                                 | words          |
        | 403    | json | -      | {"message":"Invalid origin","code":"INVALID_ORIGIN"}                 | does not allow |
        | 403    | json | -      | {"message":"Missing or null Origin","code":"MISSING_OR_NULL_ORIGIN"} | does not allow |
        | 403    | json | -      | {"message":"Session is not fresh","code":"SESSION_NOT_FRESH"}        | does not allow |

      Examples: a complaint about the request
        | status | type | header | body                                                      | words                           |
        | 400    | json | -      | {"message":"Invalid input","code":"VALIDATION_ERROR"}     | does not understand the request |
        | 415    | json | -      | {"message":"Unsupported","code":"UNSUPPORTED_MEDIA_TYPE"} | does not understand the request |

    @inproc
    Scenario Outline: The session check meets trouble: <status> <type> <body>
      Given a server with sliding sessions
      And Ada was signed in when the app was closed
      And the app was opened and closed again
      And the answer to the next "session check" request is <status> <type> <header> <body>
      When Ada opens the app
      Then the window shows Ada offline
      And it says "<words>"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | session check |
        | keychain | read key      |

      Examples: a fault, or a prohibition that is not about the token
        | status | type | header | body                                                               | words                           |
        | 500    | json | -      | {"message":"Failed to get session","code":"FAILED_TO_GET_SESSION"} | error 500                       |
        | 404    | none | -      | nothing                                                            | Something else answered         |
        | 405    | json | -      | {"message":"Not allowed","code":"METHOD_NOT_ALLOWED"}              | does not understand the request |
        | 403    | json | -      | {"message":"Invalid origin","code":"INVALID_ORIGIN"}               | does not allow                  |
        | 403    | json | -      | {"message":"Forbidden"}                                            | does not allow                  |

  @OF-7
  Rule: The server's wish to wait is no answer about the session

    @inproc
    Scenario Outline: The refresh is put off: <header>
      Given Ada was signed in when the app was closed
      And the answer to the next "refresh" request is <status> <type> <header> <body>
      When Ada opens the app
      Then the window shows Ada offline
      And it says "<words>"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh                        |
        | keychain | read key                       |
        | disk     | write journal, delete journal  |

      Examples: with a number, a date, a date that no calendar has, nonsense or nothing
        | status | type | header              | body                            | words             |
        | 429    | json | x-retry-after: 30   | {"message":"Too many requests"} | wait 30 seconds   |
        | 429    | json | retry-after: 45     | {"message":"Too many requests"} | wait 45 seconds   |
        | 429    | json | retry-after: soon   | {"message":"Too many requests"} | wait 10 seconds   |
        | 429    | json | retry-after: "Sun, 17 Mar 2030 18:01:00 GMT" | {"message":"Too many requests"} | wait 60 seconds |
        | 429    | json | retry-after: "Sun, 17 Mar 99999999999999 17:47:40 GMT" | {"message":"Too many requests"} | wait 10 seconds |
        | 429    | html | -                   | <h1>Slow down</h1>              | wait 10 seconds   |
        | 429    | none | retry-after: 999999 | nothing                         | wait 3600 seconds |

  @OF-8
  Rule: What is not in the server's own form is not the server's

    @inproc
    Scenario Outline: Something else answers the refresh: <status> <type> <body>
      Given Ada was signed in when the app was closed
      And the answer to the next "refresh" request is <status> <type> <header> <body>
      When Ada opens the app
      Then the window shows Ada offline
      And it says "Something else answered in the server's place"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh                        |
        | keychain | read key                       |
        | disk     | write journal, delete journal  |

      Examples: a portal, a proxy, another address
        | status | type | header                            | body                          |
        | 200    | html | -                                 | <h1>Welcome to the hotel</h1> |
        | 401    | html | -                                 | <h1>Please log in</h1>        |
        | 403    | html | -                                 | <h1>Blocked</h1>              |
        | 401    | none | -                                 | nothing                       |
        | 404    | html | -                                 | <h1>No such page</h1>         |
        | 302    | none | location: https://portal.example/ | nothing                       |
        | 307    | json | location: http://127.0.0.1:9/     | {}                            |

      Examples: half an answer, or another one
        | status | type | header | body                                 |
        | 200    | json | -      | null                                 |
        | 200    | json | -      | {}                                   |
        | 200    | json | -      | []                                   |
        | 200    | json | -      | {"accessToken":"half"}               |
        | 200    | json | -      | {"accessToken":"","refreshToken":""} |
        | 200    | json | -      | {"accessToken":1,"refreshToken":2}   |
        | 200    | json | -      | {"accessToken":                      |
        | 200    | json | -      | {"accessToken":"�","refreshToken":"�"} |
        | 200    | json | -      | brackets without end                 |
        | 204    | none | -      | nothing                              |

      Examples: a token that no request's header can carry
        | status | type | header | body                                      |
        | 200    | json | -      | {"accessToken":"é","refreshToken":"new"}  |
        | 200    | json | -      | {"accessToken":" x","refreshToken":"new"} |

    @inproc
    Scenario Outline: The answer leads elsewhere: <status>
      Given Ada was signed in when the app was closed
      And the answer to the next "refresh" request is <status> json location: <location> {}
      When Ada opens the app
      Then the window shows Ada offline
      And it says "Something else answered in the server's place: the answer leads to <shown>."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh                        |
        | keychain | read key                       |
        | disk     | write journal, delete journal  |

      Examples: for once or for good, with the same method or another
        | status | location                | shown                   |
        | 301    | https://portal.example/ | https://portal.example/ |
        | 307    | https://ada:12345@portal.example:8443/in?for=12 | https://portal.example:8443/in |
        | 308    | https://portal.example/welcome-welcome-welcome-welcome-welcome-welcome-welcome-welcome-welcome-welcome-welcome-welcome-welcome-welcome-welcome- | https://portal.example/welcome-welcome-welcome-welcome-welcome-welcome-welcome-welcome-welcome-welcome-welcome-welcome-… |

    @inproc
    Scenario Outline: Something else answers the session check: <status> <type> <body>
      Given a server with sliding sessions
      And Ada was signed in when the app was closed
      And the app was opened and closed again
      And the answer to the next "session check" request is <status> <type> <header> <body>
      When Ada opens the app
      Then the window shows Ada offline
      And it says "Something else answered in the server's place"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | session check |
        | keychain | read key      |

      Examples: a portal, another address, another shape
        | status | type  | header                            | body                          |
        | 200    | html  | -                                 | <h1>Welcome to the hotel</h1> |
        | 200    | html  | -                                 | null                          |
        | 200    | plain | -                                 | Welcome                       |
        | 200    | plain | -                                 | nothing                       |
        | 511    | html  | -                                 | <h1>Sign in here first</h1>   |
        | 302    | none  | location: https://portal.example/ | nothing                       |
        | 200    | json  | -                                 | {"ok":true}                   |
        | 200    | json  | -                                 | brackets without end          |
        | 401    | html  | -                                 | <h1>Please log in</h1>        |

  @OF-9
  Rule: A no in a gateway's words ends nothing by itself

    Between the app and the server stand gateways that refuse what they do not like in words of
    their own, and some servers have their own words, too. Then the session check decides; its
    word for "over" is "null". Where it uses other words, it is asked again for a while before it
    is believed.

    @inproc
    Scenario Outline: A gateway refuses the refresh, and the server stands by the session: <status> <body>
      Given Ada is signed in
      And the window was closed
      And the answer to the next "refresh" request is <status> <type> <header> <body>
      When Ada opens the app
      Then the window shows Ada signed in
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                   |
        | keychain | read key                                                        |
        | disk     | write journal, delete journal, write tokens, write sync state   |

      Examples: neither BetterAuth's form nor OAuth's
        | status | type | header | body                                       |
        | 401    | json | -      | nothing                                    |
        | 401    | json | -      | {}                                         |
        | 401    | json | -      | {"message":"No API key found"}             |
        | 401    | json | -      | {"message":"Jwt is missing","code":401}    |
        | 401    | json | -      | {"message":"No key","code":"Unauthorized"} |
        | 401    | json | -      | {"error":"Unauthorized"}                   |
        | 403    | json | -      | {"message":"Forbidden"}                    |
        | 403    | json | -      | nothing                                    |

    @inproc
    Scenario: A gateway refuses the refresh, and the session is over
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      And the answer to the next "refresh" request is 401 json - {"message":"No API key found"}
      When Ada opens the app
      Then the window shows Ada with an expired session
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | refresh, session check                                        |
        | keychain | read key, delete key                                          |
        | disk     | write journal, delete journal, write history, delete tokens   |
        | notice   | Session expired. Sign in again to restore cloud features.     |

    @inproc
    Scenario Outline: The session check says in other words that nobody is signed in, once: <status> <type> <body>
      Given a server with sliding sessions
      And Ada was signed in when the app was closed
      And the app was opened and closed again
      And the answer to the next "session check" request is <status> <type> <header> <body>
      When Ada opens the app
      Then the window shows Ada offline
      And it says "The app asks again later."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | session check |
        | keychain | read key      |

      Examples: as servers and gateways have it
        | status | type  | header | body                           |
        | 200    | json  | -      | {"session":null,"user":null}   |
        | 200    | json  | -      | {"user":null}                  |
        | 200    | json  | -      | {}                             |
        | 200    | json  | -      | nothing                        |
        | 200    | plain | -      | null                           |
        | 401    | json  | -      | nothing                        |
        | 401    | json  | -      | {"message":"No API key found"} |

    @inproc
    Scenario: It says so again and again, and is believed
      Given a server with sliding sessions
      And Ada was signed in when the app was closed
      And the app was opened and closed again
      And the answer to each of the next 9 "session check" requests is 200 json - {"session":null,"user":null}
      And the app is open
      When a minute passes
      Then the window shows Ada with an expired session
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | session check, session check, session check, session check    |
        | keychain | delete key                                                    |
        | disk     | write history, delete tokens                                  |
        | notice   | Session expired. Sign in again to restore cloud features.     |

    @inproc
    Scenario: The server stood by the session in between, so it is a new doubt
      Given a server with sliding sessions of an hour
      And Ada was signed in when the app was closed
      And the app was opened and closed again
      And the answer to the next "session check" request is 200 json - {"session":null,"user":null}
      And the app is open
      And 10 seconds have passed
      And the answer to the next "session check" request is 200 json - {"session":null,"user":null}
      When 40 minutes pass
      Then the window shows Ada signed in
      And this happened, and nothing else:
        | server | session check, session check, notes |
        | disk   | write tokens, write sync state      |

    @inproc
    Scenario: Another copy has renewed the tokens in between, so it is a new doubt
      Given Ada was signed in when the app was closed
      And the answer to each of the next 5 "refresh" requests is 401 json - {"message":"No API key found"}
      And the answer to each of the next 5 "session check" requests is 401 json - {"message":"No API key found"}
      And the app is open
      And 60 seconds have passed
      And another copy of the app has renewed the tokens
      And the answer to the next "session check" request is 200 json - null
      And the answer to the next "refresh" request is 401 json - {"message":"No API key found"}
      And the answer to the next "session check" request is 200 json - {"session":null,"user":null}
      When 10 seconds pass
      Then the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | session check, refresh, session check, session check, notes |
        | disk   | write journal, delete journal, write sync state            |

    @inproc
    Scenario: Another copy has renewed them, and what may be a gateway says no to them, so their refresh token is not spent
      Given Ada was signed in when the app was closed
      And the answer to the next "refresh" request is 401 json - {"message":"No API key found"}
      And the answer to each of the next 5 "session check" requests is 401 json - {"message":"No API key found"}
      And the app is open
      And another copy of the app has renewed the tokens
      When 10 seconds pass
      Then the window shows Ada offline
      And it says "The app asks again later."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | session check, session check |

    @inproc
    Scenario: A gateway is broken for some minutes, and nobody is signed out
      Given a server with sliding sessions
      And Ada was signed in when the app was closed
      And the app was opened and closed again
      And the answer to each of the next 9 "session check" requests is 401 json - {"message":"No API key found"}
      And the app is open
      When 2 minutes pass
      Then the window shows Ada offline
      And it says "The app asks again later."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | session check, session check, session check, session check, session check |

  @RS-9
  Rule: A refresh that does not exist is no verdict

    @inproc
    Scenario Outline: The server has no refresh: <status>
      Given a server with sliding sessions
      And Ada was signed in when the app was closed
      And the answer to the next "refresh" request is <status> <type> <header> <body>
      When Ada opens the app
      Then the window shows Ada signed in
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                   |
        | keychain | read key                                                        |
        | disk     | write journal, delete journal, write tokens, write sync state   |

      Examples: as servers say it
        | status | type | header | body                    |
        | 404    | none | -      | nothing                 |
        | 404    | json | -      | {"message":"Not found"} |
        | 405    | none | -      | nothing                 |

    @inproc
    Scenario Outline: A server that has refreshed before says that it has no refresh: <status> <type>
      Given Ada was signed in when the app was closed
      And the answer to the next "refresh" request is <status> <type> <header> <body>
      When Ada opens the app
      Then the window shows Ada offline
      And it says "The server says that it can't renew sessions, although it did so before."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh                        |
        | keychain | read key                       |
        | disk     | write journal, delete journal  |

      Examples: as servers say it
        | status | type | header | body                    |
        | 404    | none | -      | nothing                 |
        | 404    | json | -      | {"message":"Not found"} |
        | 405    | none | -      | nothing                 |

  @SI-8
  Rule: At a sign-in the server's no is about the credentials

    @inproc
    Scenario Outline: The sign-in is refused: <status> <body>
      Given the app is open
      And the answer to the next "sign-in" request is <status> <type> <header> <body>
      When Ada signs in
      Then the window shows the login form
      And it says "<words>"
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

      Examples: with the server's own words, or without
        | status | type | header | body                                                                       | words                                                |
        | 401    | json | -      | {"message":"Invalid email or password","code":"INVALID_EMAIL_OR_PASSWORD"} | Invalid email or password                            |
        | 401    | json | -      | nothing                                                                    | The server does not accept this e-mail and password. |
        | 400    | json | -      | {"message":"Invalid email","code":"INVALID_EMAIL"}                         | Invalid email                                        |
        | 422    | json | -      | {"message":"Username is invalid","code":"INVALID_USERNAME"}                | Username is invalid                                  |

  @TF-4
  Rule: At a sign-in the server's reason may be the account's, and each has a sentence and a way on

    @inproc
    Scenario Outline: The account is refused: <status> <body>
      Given the app is open
      And the answer to the next "sign-in" request is <status> <type> <header> <body>
      When Ada signs in
      Then the window shows the login form
      And it says "<words>"
      And it says "<way on>"
      And it does not say "network"
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

      Examples: as BetterAuth 1.7 says it
        | status | type | header             | body                                                                       | words                                                           | way on                           |
        | 403    | json | -                  | {"message":"Email not verified","code":"EMAIL_NOT_VERIFIED"}               | Your e-mail address is not confirmed yet.                       | Send the message again           |
        | 403    | json | -                  | {"message":"Write to us.","code":"BANNED_USER"}                            | The server has banned this account.                             | It says: Write to us.            |
        | 400    | json | -                  | {"message":"Email and password is not enabled","code":"EMAIL_PASSWORD_DISABLED"} | This server takes no passwords.                           | Sign in with the browser instead |
        | 400    | json | -                  | {"message":"Credential account not found","code":"CREDENTIAL_ACCOUNT_NOT_FOUND"} | This account has no password.                             | Sign in with the browser instead |
        | 400    | json | -                  | {"message":"Missing CAPTCHA response","code":"MISSING_RESPONSE"}           | The server wants to see that it is a person                     | Sign in with the browser instead |
        | 403    | json | -                  | {"message":"Captcha verification failed","code":"VERIFICATION_FAILED"}     | The server wants to see that it is a person                     | Sign in with the browser instead |
        | 429    | json | -                  | {"message":"Later.","code":"ACCOUNT_TEMPORARILY_LOCKED"}                   | The server has locked this account for a time                   | Usually that is a quarter of an  |
        | 429    | json | x-retry-after: 600 | {"message":"Later.","code":"ACCOUNT_TEMPORARILY_LOCKED"}                   | The server has locked this account for a time                   | Try again in 10 minutes.         |
        | 429    | json | x-retry-after: 600 | {"message":"Too many requests."}                                           | Too many tries.                                              | Try again in 10 minutes.         |

      Examples: as BetterAuth 1.4 says it
        | status | type | header | body                                                                                       | words                                       | way on                           |
        | 400    | json | -      | {"message":"Email and password is not enabled","code":"EMAIL_AND_PASSWORD_IS_NOT_ENABLED"} | This server takes no passwords.             | Sign in with the browser instead |
        | 400    | json | -      | {"message":"Missing CAPTCHA response"}                                                     | The server wants to see that it is a person | Sign in with the browser instead |

      Examples: without a word of its own
        | status | type | header | body                                | words                               | way on                              |
        | 403    | json | -      | {"code":"BANNED_USER"}              | The server has banned this account. | The server has banned this account. |
        | 403    | json | -      | {"message":"","code":"BANNED_USER"} | The server has banned this account. | The server has banned this account. |

      Examples: a code that nobody here knows
        | status | type | header | body                                                       | words                             | way on                       |
        | 403    | json | -      | {"message":"Only on weekdays.","code":"NOT_ON_SUNDAYS"}    | The server refuses this sign-in.  | It says: Only on weekdays.   |
        | 400    | json | -      | {"code":"NOT_ON_SUNDAYS"}                                  | The server refuses this sign-in.  | refuses                      |

  @SI-9
  Rule: At a sign-in, too, an unclear answer is not called wrong

    @inproc
    Scenario Outline: The sign-in meets something else: <status> <type> <header> <body>
      Given the app is open
      And the answer to the next "sign-in" request is <status> <type> <header> <body>
      When Ada signs in
      Then the window shows the login form
      And it says "<words>"
      And it does not say "Invalid"
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

      Examples: limits, faults, other places
        | status | type | header                            | body                            | words                                |
        | 429    | json | x-retry-after: 90                 | {"message":"Too many requests"} | Try again in 90 seconds.             |
        | 429    | json | x-retry-after: 1                  | {"message":"Too many requests"} | Try again in 1 second.               |
        | 429    | json | x-retry-after: 91                 | {"message":"Too many requests"} | Try again in 2 minutes.              |
        | 500    | none | -                                 | nothing                         | The server has a problem (error 500) |
        | 404    | none | -                                 | nothing                         | This server does not offer           |
        | 404    | html | -                                 | <h1>No such page</h1>           | Something else answered              |
        | 200    | html | -                                 | <h1>Welcome to the hotel</h1>   | Something else answered              |
        | 200    | json | -                                 | brackets without end            | Something else answered              |
        | 200    | json | -                                 | {"token":"clé","user":{"id":"1","email":"ada@example.com"}} | Something else answered |
        | 302    | none | location: https://portal.example/ | nothing                         | Something else answered              |

    @inproc
    Scenario: The server takes no user names: it has no such call
      Given the app is open
      And the answer to the next "sign-in" request is 404 none - nothing
      When Ada signs in as "ada"
      Then the window shows the login form
      And it says "This server does not offer this kind of sign-in. Try your e-mail address."
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

  @SI-3
  Rule: A yes without data is no session

    @inproc
    Scenario Outline: The sign-in brings nothing: <body>
      Given the app is open
      And the answer to the next "sign-in" request is <status> <type> <header> <body>
      When Ada signs in
      Then the window shows the login form
      And it says "Sign-in failed: no data returned"
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

      Examples: as JSON says nothing
        | status | type | header | body                                                     |
        | 200    | json | -      | null                                                     |
        | 200    | json | -      | {}                                                       |
        | 200    | json | -      | {"token":"","user":{"id":"1","email":"ada@example.com"}} |
        | 200    | json | -      | {"token":"","user":{"id":0,"email":"ada@example.com"}}   |
        | 200    | json | -      | {"twoFactorRedirect":false,"token":"","user":{"id":"1","email":"ada@example.com"}} |

  @OF-6
  Rule: The answer to a call is the call's alone

    @inproc
    Scenario Outline: The sync is answered with <status> <type>
      Given Ada is signed in
      And the answer to the next "notes" request is <status> <type> <header> <body>
      When Ada presses "sync"
      Then the window shows Ada signed in
      And it says "<words>"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes |

      Examples: anything but a yes
        | status | type | header                            | body                                            | words                   |
        | 400    | json | -                                 | {"message":"Invalid","code":"VALIDATION_ERROR"} | error 400               |
        | 403    | json | -                                 | {"message":"Forbidden","code":"FORBIDDEN"}      | error 403               |
        | 403    | html | -                                 | <h1>Blocked</h1>                                | error 403               |
        | 404    | none | -                                 | nothing                                         | error 404               |
        | 413    | json | -                                 | {"message":"Too large","code":"TOO_LARGE"}      | error 413               |
        | 429    | json | x-retry-after: 30                 | {"message":"Too many requests"}                 | wait 30 seconds         |
        | 500    | none | -                                 | nothing                                         | error 500               |
        | 302    | none | location: https://portal.example/ | nothing                                         | Something else answered |
        | 200    | html | -                                 | <h1>Welcome to the hotel</h1>                   | not understood          |
        | 200    | json | -                                 | {}                                              | not understood          |

  @SO-1
  Rule: A sign-out takes any answer

    @inproc
    Scenario Outline: The server was told: <status> <body>
      Given Ada is signed in
      And the answer to the next "sign-out" request is <status> <type> <header> <body>
      When Ada presses "sign out"
      Then the window shows that a restart is needed
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out                                          |
        | keychain | delete key                                        |
        | disk     | delete tokens, delete profile, delete sync state  |

      Examples: a yes; that it does not know the token says nothing yet (`nothing_is_missed.feature`)
        | status | type | header | body             |
        | 200    | json | -      | {"success":true} |

    @inproc
    Scenario Outline: The server was not told: <status> <type>
      Given Ada is signed in
      And the answer to the next "sign-out" request is <status> <type> <header> <body>
      When Ada presses "sign out"
      Then the window shows that a restart is needed
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out                                          |
        | keychain | delete key                                        |
        | disk     | delete tokens, delete profile, delete sync state  |
        | notice | You are signed out on this computer. The server could not be told, so it may list the session until it expires. |

      Examples: anything else
        | status | type | header                            | body                                                 |
        | 500    | none | -                                 | nothing                                              |
        | 200    | html | -                                 | <h1>Welcome to the hotel</h1>                        |
        | 200    | none | -                                 | nothing                                              |
        | 200    | json | -                                 | {}                                                   |
        | 302    | none | location: https://portal.example/ | nothing                                              |
        | 401    | json | -                                 | {"message":"No API key found"}                       |
        | 401    | json | -                                 | nothing                                              |
        | 403    | json | -                                 | {"message":"Invalid origin","code":"INVALID_ORIGIN"} |
