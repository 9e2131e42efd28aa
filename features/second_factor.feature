Feature: A code besides the password

  Many accounts want more than a password: a code from an authenticator app, one that is sent by
  e-mail, or one from a list that the person has printed. In the browser and with a code on another
  device the server's own page asks for it. Where the password is typed into the window, the window
  has to ask.

  Between the two there is no session. Until the code is entered, the server knows by a cookie that
  the password was right. It is the only cookie that this app ever sends: the trusted part keeps it
  in memory, for this step alone, and the window never sees it. Some servers hand out a session's
  token together with the question. Using it would bypass the second factor.

  @TF-1
  Rule: With a second factor the password leads to the question for the code; there is no session yet, and nothing is stored

    Scenario: Ada's password is right, and a code is wanted
      Given Ada's account has a second factor
      And the app is open
      When Ada signs in
      Then the window shows that a sign-in is under way
      And Ada is asked for a code
      And it says "10 minutes left."
      And the window looks like this:
        | code                | 0 characters; at the keyboard; can be used |
        | from the authenticator | can be used; chosen                     |
        | trust this computer | not chosen; can be used                    |
        | send a code         | not there                                  |
        | wrong code          | not there                                  |
        | go on               | can be used                                |
        | give up             | can be used                                |
        | e-mail              | not there                                  |
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

    Scenario: A wrong password asks for nothing
      Given Ada's account has a second factor
      And the app is open
      When Ada signs in with the password "analytical enigne"
      Then the window shows the login form
      And it says "Invalid email or password"
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

    @inproc
    Scenario: A server that sends no cookie with the question
      Given the app is open
      And the answer to the next "sign-in" request is 200 json - {"twoFactorRedirect":true}
      When Ada signs in
      Then the window shows the login form
      And it says "The server wants a second factor that this window can't ask for. Sign in with the browser."
      And it says "Sign in with the browser instead"
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

    @inproc
    Scenario Outline: A server that takes the cookie back with the question: <age> seconds
      Given the app is open
      And the answer to the next "sign-in" request is 200 json set-cookie: better-auth.two_factor=0123456789abcdef;Max-Age=<age> {"twoFactorRedirect":true,"twoFactorMethods":["totp"]}
      When Ada signs in
      Then the window shows the login form
      And it says "The server wants a second factor that this window can't ask for. Sign in with the browser."
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

      Examples:
        | age |
        | 0   |
        | -1  |

    @inproc
    Scenario: A server that does not say which kinds of code there are, as BetterAuth 1.4 does not
      Given Ada's account has a second factor
      And the app is open
      And the answer to the next "sign-in" request is 200 json set-cookie: __Secure-better-auth.two_factor=0123456789abcdef;Max-Age=600 {"twoFactorRedirect":true}
      When Ada signs in
      Then Ada is asked for a code
      And it says "From an e-mail message"
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

    @inproc
    Scenario: Bob signs in with another copy of the app while Ada is asked for a code
      Given Ada's account has a second factor
      And the app is open
      And another copy of the app is open
      And Ada's sign-in is under way
      And Bob has signed in in the other copy
      When 30 seconds pass
      Then the window shows Bob signed in
      And Bob's tokens are stored
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                    |
        | keychain | read key                                                         |
        | disk     | write journal, write tokens, delete journal, write sync state    |

    @inproc
    Scenario: The window crashes while Ada looks for her code
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      When the window crashes
      Then the window shows that a sign-in is under way
      And Ada is asked for a code
      And it is another window than before
      And no token is stored
      And this happened, and nothing else:
        | notice | The window ended unexpectedly and was started again. Nothing that was stored is lost. |

  @TF-2
  Rule: The right code signs in like any other sign-in; after a wrong one the person tries again as long as the server lets her, and reads how long to wait

    Scenario: Ada enters the code of her authenticator
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      When Ada enters the code of the authenticator
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And sync and the assistant are ready
      And this happened, and nothing else:
        | server   | second factor, session check, notes           |
        | keychain | write key                                     |
        | disk     | write tokens, write profile, write sync state |

    @desktop
    Scenario Outline: Ada enters the code of her authenticator at a real BetterAuth <release> server
      Given a real BetterAuth <release> server with a second factor
      And Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      When Ada enters the code of the authenticator
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | second factor, session check, notes           |
        | keychain | write key                                     |
        | disk     | write tokens, write profile, write sync state |

      Examples:
        | release |
        | 1.7     |
        | 1.4     |

    @inproc
    Scenario: The server's address has a path, which is no part of where the code says that it is from
      Given a server at https://auth.example.com/accounts
      And Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      When Ada enters the code of the authenticator
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | second factor, session check, notes           |
        | keychain | write key                                     |
        | disk     | write tokens, write profile, write sync state |

    @inproc
    Scenario: The server takes the code, and then not the app's token, so the session that it opened is ended
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And the answer to the next "session check" request is 200 json - null
      When Ada enters the code of the authenticator
      Then the window shows the login form
      And it says "The server opened a session, and does not take the app's token for it."
      And no session of Ada is alive on the server
      And no token is stored
      And this happened, and nothing else:
        | server | second factor, session check, sign-out |

    @inproc
    Scenario Outline: Ada enters <what>
      Given a server that sends codes by e-mail
      And Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And Ada has pressed "send a code by e-mail"
      When Ada enters <what>
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | second factor, session check, notes           |
        | keychain | write key                                     |
        | disk     | write tokens, write profile, write sync state |

      Examples:
        | what                                    |
        | the code that was sent                  |
        | the code that was sent, with a dash, as it was pasted |
        | a backup code                           |
        | a backup code as a text program has made it, with a dash and blanks of its own |
        | that code with blanks, as it was pasted |
        | that code with a dash, as it was pasted |
        | that code in the digits of a Japanese keyboard |

    @inproc
    Scenario: Ada has a code sent by e-mail
      Given a server that sends codes by e-mail
      And Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      When Ada presses "send a code by e-mail"
      Then it says "A code is on its way to your e-mail address."
      And it says "Send another code"
      And no token is stored
      And this happened, and nothing else:
        | server | code by e-mail |

    @inproc
    Scenario: The server sends no codes by e-mail after all
      Given a server that sends codes by e-mail
      And Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And the answer to the next "code by e-mail" request is 400 json - {"message":"otp isn't configured","code":"OTP_NOT_CONFIGURED"}
      When Ada presses "send a code by e-mail"
      Then Ada is asked for a code
      And it says "The server takes no such code for this account. Use another kind."
      And it does not say "From an e-mail message"
      And no token is stored
      And this happened, and nothing else:
        | server | code by e-mail |

    @inproc
    Scenario: The server takes no kind of code after all, and the last one can be tried again
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And the answer to each of the next 2 "second factor" requests is 400 json - {"message":"Not enabled","code":"TOTP_NOT_ENABLED"}
      And Ada has entered a wrong code
      When Ada enters a wrong backup code
      Then Ada is asked for a code
      And it says "The server takes no such code for this account. Use another kind."
      And no token is stored
      And this happened, and nothing else:
        | server | second factor |

    @inproc
    Scenario: The account takes none by e-mail, and the window asks for one all the same
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      When the window asks to have a code sent by e-mail
      Then Ada is asked for a code
      And it does not say "A code is on its way to your e-mail address."
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: One is on its way already, and the window asks for another
      Given a server that sends codes by e-mail
      And Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And the next "code by e-mail" request is not answered yet
      And Ada has pressed "send a code by e-mail"
      When the window asks to have a code sent by e-mail
      Then Ada is asked for a code
      And no token is stored
      And nothing else happened

    @desktop
    Scenario Outline: Ada <does> in place of a code
      Given a server that sends codes by e-mail
      And Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      When Ada presses the keys "<keys>"
      Then the window shows that a sign-in is under way
      And the window looks like this:
        | code                | 0 characters; at the keyboard; with a <colour> edge |
        | wrong code          | <said>                                              |
        | trust this computer | <ticked>                                            |
      And no token is stored
      And nothing else happened

      Examples:
        | does                               | keys                          | colour | said              | ticked     |
        | presses the button                 | Alt+G                         | red    | "Enter the code." | not chosen |
        | goes to a code by e-mail and back, and presses the button | Alt+E, Alt+U, Alt+G | red | "Enter the code." | not chosen |
        | takes back what she typed, trusting the computer | Alt+T, Alt+O, '123', Escape | blue   | not there         | chosen     |

    @desktop
    Scenario: Ada mistypes a code by e-mail, and that kind stays chosen
      Given a server that sends codes by e-mail
      And Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      When Ada presses the keys "Alt+E, Alt+O, '000000', Alt+G"
      Then the window shows that a sign-in is under way
      And the window looks like this:
        | by e-mail  | chosen |
        | code       | 0 characters; at the keyboard; with a red edge |
        | wrong code | says "none was sent" |
      And no token is stored
      And this happened, and nothing else:
        | server | second factor |

    Scenario: Ada mistypes her code
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      When Ada enters a wrong code
      Then the window shows that a sign-in is under way
      And it says "This code is not right, or its half minute is over."
      And the window looks like this:
        | code  | 0 characters; at the keyboard; with a red edge |
        | go on | can be used                                    |
      And no token is stored
      And this happened, and nothing else:
        | server | second factor |

    @inproc
    Scenario Outline: Ada mistypes <which>
      Given a server that sends codes by e-mail
      And Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And Ada has pressed "send a code by e-mail"
      When Ada enters <what>
      Then Ada is asked for a code
      And it says "<sentence>"
      And no token is stored
      And this happened, and nothing else:
        | server | second factor |

      Examples:
        | which                  | what                                            | sentence                                                                         |
        | the code that was sent | a wrong code in place of the one that was sent  | This code is not right. Enter the one of the newest message.                     |
        | a backup code          | a wrong backup code                             | This is not a backup code, or it was used before. Each is good for one sign-in.  |
        | that of the app        | that code with a letter in it                   | This code is not right, or its half minute is over.                              |

    Scenario: The right code after two wrong ones
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And Ada has entered 2 wrong codes
      When Ada enters the code of the authenticator
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | second factor, session check, notes           |
        | keychain | write key                                     |
        | disk     | write tokens, write profile, write sync state |

    @inproc
    Scenario: Too many wrong codes end the sign-in
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And Ada has entered 5 wrong codes
      When Ada enters a wrong code
      Then the window shows the login form
      And it says "Too many wrong codes. Sign in with your password again for another try."
      And no token is stored
      And this happened, and nothing else:
        | server | second factor |

    @inproc
    Scenario: Too many wrong codes in place of the one that was sent
      Given a server that sends codes by e-mail
      And Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And Ada has pressed "send a code by e-mail"
      And Ada has entered 5 wrong codes in place of the one that was sent
      When Ada enters a wrong code in place of the one that was sent
      Then Ada is asked for a code
      And it says "Too many wrong codes. Have a new one sent."
      And it says "Send another code"
      And no token is stored
      And this happened, and nothing else:
        | server | second factor |

    @inproc
    Scenario: After that Ada has a new one sent
      Given a server that sends codes by e-mail
      And Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And Ada has pressed "send a code by e-mail"
      And Ada has entered 6 wrong codes in place of the one that was sent
      And Ada has pressed "send a code by e-mail"
      When Ada enters the code that was sent
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | second factor, session check, notes           |
        | keychain | write key                                     |
        | disk     | write tokens, write profile, write sync state |

    @inproc
    Scenario Outline: The server answers a code with <status> <body>
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And the answer to the next "second factor" request is <status> <type> <header> <body>
      When Ada enters the code of the authenticator
      Then the window shows <what>
      And it says "<words>"
      And no token is stored
      And this happened, and nothing else:
        | server | second factor |

      Examples: another try is possible
        | status | type | header             | body                                                  | what                         | words                                                |
        | 429    | json | x-retry-after: 9.2 | {"message":"Too many requests."}                      | that a sign-in is under way  | Too many tries. Try again in 10 seconds.             |
        | 429    | json | x-retry-after: 250 | {"message":"Too many tries."}                         | that a sign-in is under way  | Too many tries. Try again in 5 minutes.              |
        | 400    | json | -                  | {"message":"OTP has expired","code":"OTP_HAS_EXPIRED"} | that a sign-in is under way | This code has run out, or none was sent.             |
        | 400    | json | -                  | {"message":"A code has six digits.","code":"VALIDATION_ERROR"} | that a sign-in is under way | A code has six digits.                     |
        | 400    | json | -                  | {"message":"Not at this hour.","code":"CLOSED_AT_NIGHT"} | that a sign-in is under way | Not at this hour.                                |
        | 401    | json | -                  | {"message":""}                                        | that a sign-in is under way  | The server says no, but not why.                     |
        | 500    | none | -                  | nothing                                               | that a sign-in is under way  | The server has a problem (error 500). Try again.     |
        | 200    | html | -                  | <h1>Welcome to the hotel</h1>                         | that a sign-in is under way  | Something else answered                              |

      Examples: this sign-in is over
        | status | type | header            | body                                                                            | what           | words                                                                                      |
        | 401    | json | -                 | {"message":"Invalid two factor cookie","code":"INVALID_TWO_FACTOR_COOKIE"}      | the login form | The server does not wait for this code any more. Sign in with your password again.        |
        | 429    | json | -                 | {"message":"Too many failed tries.","code":"ACCOUNT_TEMPORARILY_LOCKED"}        | the login form | The server has locked this account for a time, after too many wrong tries. Usually that is |
        | 429    | json | retry-after: 900  | {"message":"Too many failed tries.","code":"ACCOUNT_TEMPORARILY_LOCKED"}        | the login form | Try again in 15 minutes.                                                                   |
        | 403    | json | -                 | {"message":"Invalid origin","code":"INVALID_ORIGIN"}                            | the login form | Sign in with the browser.                                                                  |
        | 403    | json | -                 | {"message":"Ask us.","code":"BANNED_USER"}                                      | the login form | It says: Ask us.                                                                           |
        | 400    | json | -                 | {"message":"Too many attempts.","code":"TOO_MANY_ATTEMPTS_PLEASE_REQUEST_A_NEW_CODE"} | the login form | Too many wrong codes. Sign in with your password again for another try. |
        | 404    | none | -                 | nothing                                                                         | the login form | Sign in with the browser.                                                                  |

    @inproc
    Scenario: The network fails while the code is on its way
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And the server can't be reached
      When Ada enters the code of the authenticator
      Then Ada is asked for a code
      And it says "Your code was not sent. Try again."
      And no token is stored
      And this happened, and nothing else:
        | server | second factor |

    @inproc
    Scenario: The answer to the code does not come, so it may have been taken
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And the server does not answer
      And Ada has entered the code of the authenticator
      When 15 seconds pass
      Then Ada is asked for a code
      And it says "The server took too long to answer."
      And it does not say "Your code was not sent. Try again."
      And no token is stored
      And nothing else happened

  @TF-3
  Rule: A second factor that is asked for can be cancelled, ends by itself, and leaves nothing behind: no cookie, no token, not one that came before it either

    @desktop
    Scenario: After a wrong code by e-mail Ada gives it up, and is asked anew as if nothing had been
      Given a server that sends codes by e-mail
      And Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And Ada has pressed the keys "Alt+E, Alt+T, Alt+O, '000000', Alt+G, Alt+C"
      When Ada signs in
      Then the window shows that a sign-in is under way
      And the window looks like this:
        | code                   | 0 characters; at the keyboard; with a blue edge |
        | from the authenticator | chosen     |
        | trust this computer    | not chosen |
        | wrong code             | not there  |
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

    Scenario: Ada gives it up
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      When Ada presses "cancel"
      Then the window shows the login form
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Ada reads how long the server waits still
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      When 90 seconds pass
      Then it says "9 minutes left."
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Nobody enters the right code in time
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And 5 minutes have passed
      And Ada has entered a wrong code
      When 6 minutes pass
      Then the window shows the login form
      And it says "No code was entered in time. Sign in with your password again."
      And no token is stored
      And nothing else happened

    @inproc
    Scenario Outline: The server waits for <time>
      Given Ada's account has a second factor
      And the app is open
      And the answer to the next "sign-in" request is 200 json set-cookie: accounts.two_factor=0123456789abcdef;Max-Age=<seconds> {"twoFactorRedirect":true,"twoFactorMethods":["totp"]}
      And Ada's sign-in is under way
      When <minutes> minutes pass
      Then the window shows the login form
      And it says "No code was entered in time. Sign in with your password again."
      And no token is stored
      And nothing else happened

      Examples:
        | time                                         | seconds | minutes |
        | only three minutes                           | 180     | 4       |
        | a week, and the app for no more than an hour | 604800  | 61      |

    @inproc
    Scenario: The time is over while Ada's code is on its way
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And 595 seconds have passed
      And the next "second factor" request is not answered yet
      And Ada has entered the code of the authenticator
      And 10 seconds have passed
      When the server answers
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | session check, notes                          |
        | keychain | write key                                     |
        | disk     | write tokens, write profile, write sync state |

    @inproc
    Scenario: Ada gives it up while her code is being looked at
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And the next "second factor" request is not answered yet
      And Ada has entered the code of the authenticator
      And Ada has pressed "cancel"
      When the server answers
      Then the window shows the login form
      And no token is stored
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server | session check, sign-out |

    @inproc
    Scenario: The app is closed before it hears of the session that her code has opened
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And the next "second factor" request is not answered yet
      And Ada has entered the code of the authenticator
      When Ada closes the window, and the server answers after 1 second
      Then no session of Ada is alive on the server
      And no token is stored
      And this happened, and nothing else:
        | server | sign-out |

    @inproc
    Scenario: The app is closed while it asks how long the session lasts that her code has opened
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And the next "session check" request is not answered yet
      And Ada has entered the code of the authenticator
      And the window was closed
      When Ada opens the app
      Then the window shows the login form
      And no token is stored
      And no session of Ada is alive on the server
      And nothing else happened

    @inproc
    Scenario: The app is closed meanwhile, and knows nothing of it the next time
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And the window was closed
      When Ada opens the app
      Then the window shows the login form
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: A server that opens a session before the second factor
      Given a server that opens a session before the second factor
      And Ada's account has a second factor
      And the app is open
      When Ada signs in
      Then Ada is asked for a code
      And sync and the assistant are off
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

    @inproc
    Scenario: Nor is that session used when Ada gives up
      Given a server that opens a session before the second factor
      And Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      When Ada presses "cancel"
      Then the window shows the login form
      And no token is stored
      And nothing else happened

  @TF-5
  Rule: A computer that the person trusts is asked for no code until she signs out; what the server knows it by is sealed, and sent with her own sign-in alone

    @inproc
    Scenario: Ada trusts her computer, and signs in after an expiry, and after Bob's
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And Ada has entered the code of the authenticator, and trusts this computer
      And the server has ended Ada's session
      And 20 minutes have passed
      And Bob has signed in
      And the server has ended Bob's session
      And 20 minutes have passed
      When Ada signs in
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server | sign-in, session check, notes                 |
        | disk   | write tokens, write profile, write sync state |

    @inproc
    Scenario: Ada gives up a sign-in with a code after an expiry, and her computer is trusted as before
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And Ada has entered the code of the authenticator, and trusts this computer
      And the server has ended Ada's session
      And Ada has pressed "sync"
      And Ada has pressed "sign in with a code"
      And Ada has pressed "cancel"
      When Ada signs in
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server | sign-in, session check, notes                 |
        | disk   | write tokens, write profile, write sync state |

    @inproc
    Scenario: Ada trusts her computer, which has no keychain, and signs in after an expiry
      Given the keychain is not there
      And Ada's account has a second factor
      And the app is open
      And Ada has pressed "keep my session in memory alone"
      And Ada's sign-in is under way
      And Ada has entered the code of the authenticator, and trusts this computer
      And 20 minutes have passed
      And the server has ended Ada's session
      And 20 minutes have passed
      When Ada signs in
      Then the window shows Ada signed in
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in, session check, notes |
        | disk   | write sync state              |

    @inproc
    Scenario: A month later she is asked again, and what her computer was known by is not sent any more
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And Ada has entered the code of the authenticator, and trusts this computer
      And the window was closed
      And 31 days have passed
      And the app is open
      When Ada signs in
      Then Ada is asked for a code
      And no cookie went with that
      And this happened, and nothing else:
        | server | sign-in |

    @inproc
    Scenario: After a sign-out she is asked again
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And Ada has entered the code of the authenticator, and trusts this computer
      And Ada has pressed "sign out"
      And Ada has pressed "restart"
      When Ada signs in
      Then Ada is asked for a code
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

    @inproc
    Scenario: Bob, at the same computer, is asked for his own
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And Ada has entered the code of the authenticator, and trusts this computer
      And the server has ended Ada's session
      And 20 minutes have passed
      And Bob's account has a second factor
      When Bob signs in
      Then Bob is asked for a code
      And no cookie went with that
      And this happened, and nothing else:
        | server | sign-in |

    @desktop
    Scenario: Ada ticked that she trusts it, and gave the sign-in up: the tick is not there for whoever comes next
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And Ada has pressed "trust this computer"
      And Ada has pressed "cancel"
      When Ada signs in
      Then Ada is asked for a code
      And "trust this computer" is not ticked
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |
