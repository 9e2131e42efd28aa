Feature: Signing in without giving the window a password

  The window is the first part that an attacker reaches, and on many desktops other programs can
  read the keys that are typed into it. So it is better if the password does not pass through it at
  all. There are two other ways, and both end in the same session: in the browser of this computer,
  where the person may be signed in already or use a passkey, and with a short code on any device
  that they trust.

  What crosses to the window is a link and a code for people, and nothing that is worth stealing:
  the app itself opens the browser, keeps the proof that the sign-in is its own, and asks the server
  for the session.

  @SI-11
  Rule: There are three ways, and one that comes to nothing says why and offers the next

    Scenario: The server does not offer the browser
      Given the app is open
      And the next "browser flow check" request is not offered
      When Ada presses "sign in with the browser"
      Then the window shows the login form
      And it says "This server does not offer signing in with the browser."
      And it says "Sign in with a code instead"
      And no token is stored
      And this happened, and nothing else:
        | server | browser flow check |

    @inproc
    Scenario: Ada goes on with what she is offered
      Given the app is open
      And the next "browser flow check" request is not offered
      And Ada has pressed "sign in with the browser"
      When Ada presses "sign in with a code instead"
      Then the window shows that a sign-in is under way
      And the code of the sign-in can be read
      And this happened, and nothing else:
        | server   | device codes |
        | keychain | write key    |
        | disk     | write tokens |

    @inproc
    Scenario: The server does not offer codes
      Given the app is open
      And the next "device codes" request is not offered
      When Ada presses "sign in with a code"
      Then the window shows the login form
      And it says "This server does not offer signing in with a code."
      And it says "Use your password instead"
      And no token is stored
      And this happened, and nothing else:
        | server | device codes |

    @inproc
    Scenario: Grace wants to sign in with the browser, and there is no network
      Given the app is open
      And the server can't be reached
      When Grace presses "sign in with the browser"
      Then the window shows the login form
      And it says "The server can't be reached: nothing answers at"
      And it does not say "Your password was not sent"
      And it says "Sign in with a code instead"
      And no token is stored
      And this happened, and nothing else:
        | server | browser flow check |

    @inproc
    Scenario: The keychain is locked when Ada wants to sign in with a code
      Given the app is open
      And the keychain is locked
      When Ada presses "sign in with a code"
      Then the window shows that signing in is not possible
      And it says "Your keychain is locked."
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Ada signs in with the browser after her session has expired
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      And the app is open
      And Ada has pressed "sign in with the browser"
      When Ada allows it in the browser
      Then the window shows Ada signed in
      And sync and the assistant are ready
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | code exchange, session check, notes            |
        | keychain | write key                                      |
        | disk     | write tokens, write profile, write sync state  |

  @SI-12
  Rule: In the browser flow, the server gives the session only to the app that can prove it began the sign-in

    The proof is PKCE's: the link carries a fingerprint of a random text that stays in the app
    (S256), and a random state. A code without that text is worth nothing.

    Scenario: Ada signs in with the browser
      Given the app is open
      And Ada has pressed "sign in with the browser"
      When Ada allows it in the browser
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | code exchange, session check, notes            |
        | keychain | write key                                      |
        | disk     | write tokens, write profile, write sync state  |

    @desktop
    Scenario: Ada signs in with the browser at a real BetterAuth server
      Given a real BetterAuth server
      And the app is open
      And Ada has pressed "sign in with the browser"
      When Ada allows it in the browser
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | code exchange, session check, notes            |
        | keychain | write key                                      |
        | disk     | write tokens, write profile, write sync state  |

    Scenario: The app opens the browser, not the window
      Given the app is open
      When Ada presses "sign in with the browser"
      Then the window shows that a sign-in is under way
      And it says "Finish signing in in your browser."
      And Ada's link was opened in the browser
      And the link leads to the server, with a challenge of the S256 kind and a state
      And no token is stored
      And this happened, and nothing else:
        | server  | browser flow check |
        | browser | open the link      |

    @inproc
    Scenario: Ada signs in with her password, and there is no link for the window to have opened
      Given the app is open
      And the next "sign-in" request is not answered yet
      And Ada's sign-in is under way
      When the window asks to have the link opened
      Then the window shows that a sign-in is under way
      And no token is stored
      And nothing else happened

    @inproc
    Scenario Outline: The page to sign in at is <where>, and what its address asks for stays in the link
      Given a server at <server>
      And the page to sign in at is "<page>"
      And the app is open
      When Ada presses "sign in with the browser"
      Then the window shows that a sign-in is under way
      And the link begins with "<link>"
      And Ada's link was opened in the browser
      And no token is stored
      And this happened, and nothing else:
        | server  | browser flow check |
        | browser | open the link      |

      Examples:
        | where                       | server                            | page                                 | link                                                           |
        | the server's, but another   | http://127.0.0.1:7001             | /welcome?for=notes                   | http://127.0.0.1:7001/welcome?for=notes&client_id=             |
        | under the server's own path | https://auth.example.com/accounts | /welcome?for=notes                   | https://auth.example.com/accounts/welcome?for=notes&client_id= |
        | somewhere else              | http://127.0.0.1:7001             | https://www.example.com/in?for=notes | https://www.example.com/in?for=notes&client_id=                |

    @inproc
    Scenario: Ada has closed the page by mistake, and opens it again
      Given the app is open
      And Ada has pressed "sign in with the browser"
      When Ada presses "open the link"
      Then the window shows that a sign-in is under way
      And Ada's link was opened in the browser
      And no token is stored
      And this happened, and nothing else:
        | browser | open the link |

    Scenario: Ada says no in the browser
      Given the app is open
      And Ada has pressed "sign in with the browser"
      When Ada denies it in the browser
      Then the window shows the login form
      And it says "The sign-in was cancelled in the browser."
      And it says "Sign in with a code instead"
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: The code comes too late for the server
      Given the app is open
      And Ada has pressed "sign in with the browser"
      And the answer to the next "code exchange" request is 404 json - {"code":"INVALID_TOKEN","message":"Invalid or expired token."}
      When Ada allows it in the browser
      Then the window shows the login form
      And it says "The server did not accept what came back from the browser."
      And no token is stored
      And this happened, and nothing else:
        | server | code exchange |

    @inproc
    Scenario: Nobody goes on in the browser
      Given the app is open
      And Ada has pressed "sign in with the browser"
      When 10 minutes pass
      Then the window shows the login form
      And it says "Nobody signed in with the browser within 10 minutes. Try again when you like."
      And nobody waits for the browser any more
      And no token is stored
      And nothing else happened

  @SI-13
  Rule: The way back from the browser is one request to this computer, and a code that is pasted does as well

    The app listens on a port of 127.0.0.1 that the system chose, for this one sign-in. Other
    programs, and pages in the browser, can reach that port too: what they bring is turned away
    unless it carries the state.

    @inproc
    Scenario Outline: Another page sends the browser back with <what>
      Given the app is open
      And Ada has pressed "sign in with the browser"
      When another page sends the browser back with <what>
      Then the window shows that a sign-in is under way
      And the app still waits for the browser
      And no token is stored
      And nothing else happened

      Examples:
        | what                 |
        | a wrong state        |
        | a wrong path         |
        | another host's name  |
        | two hosts' names     |
        | no code              |
        | a code and a no      |
        | two states           |
        | another method       |

    @inproc
    Scenario Outline: No port is free, so Ada copies <what>
      Given the app is open
      And no port is free
      And Ada has pressed "sign in with the browser"
      When Ada pastes <what>
      Then the window shows Ada signed in
      And no secret is where it must not be
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | code exchange, session check, notes            |
        | keychain | write key                                      |
        | disk     | write tokens, write profile, write sync state  |

      Examples:
        | what                      |
        | the code of the page      |
        | the bare code of the page |

    @inproc
    Scenario: The browser is on another computer, so Ada copies the address that it could not open
      Given the app is open
      And Ada has pressed "sign in with the browser"
      When Ada pastes the address that the browser could not open
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And nobody waits for the browser any more
      And this happened, and nothing else:
        | server   | code exchange, session check, notes            |
        | keychain | write key                                      |
        | disk     | write tokens, write profile, write sync state  |

    Scenario: Ada pastes something else
      Given the app is open
      And Ada has pressed "sign in with the browser"
      When Ada pastes "my shopping list"
      Then the window shows that a sign-in is under way
      And it says "This is not a code from the sign-in page."
      And what was pasted is not in the window any more
      And no token is stored
      And nothing else happened

    Scenario: The browser can't be opened
      Given the browser can't be opened
      And the app is open
      When Ada presses "sign in with the browser"
      Then the window shows that a sign-in is under way
      And it says "The browser could not be opened. Open the link yourself."
      And the link stands in the terminal too
      And the link leads to the server, with a challenge of the S256 kind and a state
      And no token is stored
      And this happened, and nothing else:
        | server  | browser flow check |
        | browser | open the link      |

    @inproc
    Scenario: The program that was started for the link is the browser itself, and its staying is no failure
      Given the browser stays open
      And the app is open
      And Ada has pressed "sign in with the browser"
      When 6 seconds pass
      Then the window shows that a sign-in is under way
      And it does not say "The browser could not be opened. Open the link yourself."
      And no token is stored
      And nothing else happened

    @inproc
    Scenario Outline: Ada pastes the code of a sign-in that she did not begin here, <how>
      Given the app is open
      And Ada has pressed "sign in with the browser"
      When Ada pastes "<text>"
      Then it says "This code belongs to another sign-in."
      And the app still waits for the browser
      And no token is stored
      And nothing else happened

      Examples:
        | how                          | text                                                                                                   |
        | in the address               | http://127.0.0.1:40001/back?code=0123456789abcdefghij&state=another                                    |
        | in the address, broken over two lines | http://127.0.0.1:40001/back?code=0123456789 abcdefghij&state=another                                   |
        | as the page shows it         | eyJpZGVudGlmaWVyIjoiMDEyMzQ1Njc4OWFiY2RlZmdoaWoiLCJzdGF0ZSI6ImFub3RoZXIifQ                              |
        | as the page shows it, broken over two lines | eyJpZGVudGlmaWVyIjoiMDEyMzQ1Njc4OWFi Y2RlZmdoaWoiLCJzdGF0ZSI6ImFub3RoZXIifQ                             |

    @inproc
    Scenario Outline: Ada pastes <what> that does not say which sign-in it is of
      Given the app is open
      And Ada has pressed "sign in with the browser"
      When Ada pastes "<text>"
      Then it says "This is not a code from the sign-in page."
      And the app still waits for the browser
      And no token is stored
      And nothing else happened

      Examples:
        | what       | text                                                             |
        | an address | http://127.0.0.1:40001/callback?code=0123456789abcdefghij        |
        | a code     | eyJpZGVudGlmaWVyIjoiMDEyMzQ1Njc4OWFiY2RlZmdoaWoiLCJzdGF0ZSI6IiJ9 |

  @SB-9
  Rule: The way back from the browser takes answers from the same user of the computer alone

    A browser is started with the link as an argument, and arguments can be read by every user of a
    computer.

    @inproc
    Scenario: Mallory has read the link, and brings a code of his own
      Given the app is open
      And Ada has pressed "sign in with the browser"
      When Mallory, another user of this computer, goes the way back with Ada's state
      Then the window shows that a sign-in is under way
      And the app still waits for the browser
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Ada's browser has a socket of IPv6, and it is hers all the same
      Given the browser uses IPv6 for this computer's own addresses too
      And the app is open
      And Ada has pressed "sign in with the browser"
      When Ada allows it in the browser
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | code exchange, session check, notes            |
        | keychain | write key                                      |
        | disk     | write tokens, write profile, write sync state  |

  @SI-14
  Rule: With a code, the app asks no more often than it may, until somebody has decided or the code has run out

    The server says how often (RFC 8628). What it hands over in the end is a token and no name, so
    the app asks whose it is.

    Scenario: Ada signs in with a code
      Given the app is open
      And Ada has pressed "sign in with a code"
      And Ada has pressed "copy the code"
      When Ada allows it in the browser
      Then the window shows Ada signed in
      And what was copied is the code of the sign-in
      And Ada's tokens are stored
      And the code of the sign-in is not on the disk any more
      And this happened, and nothing else:
        | server | device check, session check, notes             |
        | disk   | write tokens, write profile, write sync state  |

    @inproc
    Scenario: The server takes signed tokens alone, and hands the signed one over beside the other
      Given a server that takes signed tokens alone
      And the app is open
      And Ada has pressed "sign in with a code"
      When Ada allows it in the browser
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server | device check, session check, notes             |
        | disk   | write tokens, write profile, write sync state  |

    @inproc
    Scenario: The question whose it is brings another token, which the next request goes with; a stranger's, so it is renewed
      Given each server counts its users
      And the app is open
      And Ada has pressed "sign in with a code"
      And the answer to the next "session check" request is 200 json set-auth-token: another {"session":{"expiresAt":"2030-03-18T00:00:00.000Z"},"user":{"id":"1","name":"Ada Lovelace","email":"ada@example.com"}}
      When Ada allows it in the browser
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server | device check, session check, notes, refresh, notes                                         |
        | disk   | write tokens, write profile, write journal, write tokens, delete journal, write sync state |

    @desktop
    Scenario: Ada signs in with a code at a real BetterAuth server
      Given a real BetterAuth server
      And the app is open
      And Ada has pressed "sign in with a code"
      When Ada allows it in the browser
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server | device check, session check, notes             |
        | disk   | write tokens, write profile, write sync state  |

    @inproc
    Scenario: Ada says no on the other device
      Given the app is open
      And Ada has pressed "sign in with a code"
      When Ada denies it in the browser
      Then the window shows the login form
      And it says "The sign-in was denied on the other device."
      And it says "Use your password instead"
      And nothing of the sign-in is left on the disk
      And this happened, and nothing else:
        | server   | device check  |
        | disk     | delete tokens |
        | keychain | delete key    |

    @inproc
    Scenario: Nobody enters the code
      Given a server whose sign-in codes are good for 12 seconds
      And the app is open
      And Ada has pressed "sign in with a code"
      When 20 seconds pass
      Then the window shows the login form
      And it says "Nobody entered the code before it ran out. Ask for a new one."
      And nothing of the sign-in is left on the disk
      And this happened, and nothing else:
        | server   | device check, device check, device check |
        | disk     | delete tokens                            |
        | keychain | delete key                               |

    @inproc
    Scenario: The server wants long pauses from the start, and gives a link that has the code in it
      Given the app is open
      And the answer to the next "device codes" request is 200 json - {"device_code":"0123456789abcdef","user_code":"ABCDEFGH","verification_uri":"https://auth.example.com/device","verification_uri_complete":"https://auth.example.com/device?user_code=ABCDEFGH","expires_in":600,"interval":30}
      And Ada has pressed "sign in with a code"
      When 29 seconds pass
      Then the window shows that a sign-in is under way
      And it says "https://auth.example.com/device?user_code=ABCDEFGH"
      And it says "ABCD EFGH"
      And the code of the sign-in is sealed on the disk, and no token with it
      And nothing else happened

    @inproc
    Scenario: The server names no pause, and an end that is days away, and the app keeps to its own
      Given the app is open
      And the answer to the next "device codes" request is 200 json - {"device_code":"0123456789abcdef","user_code":"ABCDEFGH","verification_uri":"https://auth.example.com/device","expires_in":604800,"interval":0}
      And Ada has pressed "sign in with a code"
      When one second passes
      Then the window shows that a sign-in is under way
      And it says "30 minutes left."
      And the code of the sign-in is sealed on the disk, and no token with it
      And nothing else happened

    @inproc
    Scenario Outline: There is nothing for Ada to open or to type: <what>
      Given the app is open
      And the answer to the next "device codes" request is 200 json - <body>
      When Ada presses "sign in with a code"
      Then the window shows the login form
      And it says "Something else answered in the server's place"
      And nothing of the sign-in is left on the disk
      And this happened, and nothing else:
        | server | device codes |

      Examples:
        | what                             | body                                                                                                                                                             |
        | a link that is a program         | {"device_code":"0123456789abcdef","user_code":"ABCDEFGH","verification_uri":"javascript://auth.example.com/%0Aalert(1)","expires_in":600}                         |
        | a link with a bell in it         | {"device_code":"0123456789abcdef","user_code":"ABCDEFGH","verification_uri":"https://auth.example.com/de\u0007vice","expires_in":600}                            |
        | a link that can't be taken apart | {"device_code":"0123456789abcdef","user_code":"ABCDEFGH","verification_uri":"https://[auth/device","expires_in":600}                                             |
        | a link that leads to no server    | {"device_code":"0123456789abcdef","user_code":"ABCDEFGH","verification_uri":"https:/device","expires_in":600}                                             |
        | a link with a blank in it         | {"device_code":"0123456789abcdef","user_code":"ABCDEFGH","verification_uri":"https://auth.example.com/de vice","expires_in":600}                                             |
        | a link in letters of its own      | {"device_code":"0123456789abcdef","user_code":"ABCDEFGH","verification_uri":"https://аuth.example.com/device","expires_in":600}                                             |
        | a code that nobody would type    | {"device_code":"0123456789abcdef","user_code":"ABCDEFGHABCDEFGHABCDEFGHABCDEFGHABCDEFGHA","verification_uri":"https://auth.example.com/device","expires_in":600} |
        | a code of no letter              | {"device_code":"0123456789abcdef","user_code":"","verification_uri":"https://auth.example.com/device","expires_in":600}                                          |
        | brackets without end             | brackets without end |
        | a code with a bell in it         | {"device_code":"0123456789abcdef","user_code":"ABCD\u0007FGH","verification_uri":"https://auth.example.com/device","expires_in":600}                             |

    @inproc
    Scenario: The server asks the app to slow down
      Given the app is open
      And Ada has pressed "sign in with a code"
      And the answer to the next "device check" request is 400 json - {"error":"slow_down"}
      When 24 seconds pass
      Then the window shows that a sign-in is under way
      And this happened, and nothing else:
        | server | device check, device check |

    @inproc
    Scenario: The server asks the app to wait, for less than its pauses are and then for longer
      Given the app is open
      And Ada has pressed "sign in with a code"
      And the answer to the next "device check" request is 429 json x-retry-after: 1 {"message":"Too many requests"}
      And the answer to the next "device check" request is 429 json x-retry-after: 40 {"message":"Too many requests"}
      When 48 seconds pass
      Then the window shows that a sign-in is under way
      And the code of the sign-in is sealed on the disk, and no token with it
      And this happened, and nothing else:
        | server | device check, device check |

    @inproc
    Scenario: Grace goes through a tunnel while the app waits, and the app keeps asking
      Given the app is open
      And Grace has pressed "sign in with a code"
      And the server can't be reached
      When 20 seconds pass
      Then the window shows that a sign-in is under way
      And it says "The server can't be reached: nothing answers at"
      And it says "The app keeps asking until the code runs out."
      And this happened, and nothing else:
        | server | device check, device check |

    @inproc
    Scenario: Grace is out of the tunnel, and nothing is said of it any more
      Given the app is open
      And Grace has pressed "sign in with a code"
      And the server can't be reached
      And 20 seconds have passed
      And the server can be reached again
      When 25 seconds pass
      Then the window shows that a sign-in is under way
      And it does not say "The server can't be reached: nothing answers at"
      And it does not say "The app keeps asking until the code runs out."
      And this happened, and nothing else:
        | server | device check, device check |

    @inproc
    Scenario Outline: Something else answers once that there are no codes: <status> <type>
      Given the app is open
      And Ada has pressed "sign in with a code"
      And the answer to the next "device check" request is <status> <type> <header> <body>
      When 10 seconds pass
      Then the window shows that a sign-in is under way
      And it says "Something else answered in the server's place"
      And it says "The app keeps asking until the code runs out."
      And the code of the sign-in is sealed on the disk, and no token with it
      And this happened, and nothing else:
        | server | device check |

      Examples:
        | status | type | header | body                  |
        | 404    | html | -      | <h1>No such page</h1> |
        | 404    | none | -      | nothing               |
        | 401    | json | -      | {"message":"No key"}  |
        | 403    | json | -      | {}                    |
        | 400    | json | -      | nothing               |
        | 400    | JSON | -      | {"error":"not_yet"}   |
        | 200    | json | -      | brackets without end  |
        | 200    | json | -      | {"access_token":"é"}  |

    @inproc
    Scenario: The network is away until the code has run out, so nobody knows what Ada has decided
      Given a server whose sign-in codes are good for 12 seconds
      And the app is open
      And Ada has pressed "sign in with a code"
      And the server can't be reached
      When 20 seconds pass
      Then the window shows the login form
      And it says "The server can't be reached: nothing answers at"
      And it says "Use your password instead"
      And nothing of the sign-in is left on the disk
      And this happened, and nothing else:
        | server   | device check, device check |
        | disk     | delete tokens              |
        | keychain | delete key                 |

    @inproc
    Scenario: Ada has decided while the network was away
      Given the app is open
      And Ada has pressed "sign in with a code"
      And the server can't be reached
      And Ada has allowed it in the browser
      And the server can be reached again
      When 20 seconds pass
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server | device check, session check, notes             |
        | disk   | write tokens, write profile, write sync state  |

    @inproc
    Scenario: The session is open, and the server can't say whose it is yet
      Given the app is open
      And Ada has pressed "sign in with a code"
      And the next "session check" request fails
      When Ada allows it in the browser
      Then the window shows that a sign-in is under way
      And the code of the sign-in is sealed on the disk, and no token with it
      And this happened, and nothing else:
        | server | device check, session check |

    @inproc
    Scenario: The session is open, and the server can't say whose it is until the code has run out
      Given a server whose sign-in codes are good for 12 seconds
      And the app is open
      And Ada has pressed "sign in with a code"
      And the next "session check" request fails, twice
      And Ada has allowed it in the browser
      When 20 seconds pass
      Then the window shows the login form
      And it says "The server has a problem (error 503). Try again later."
      And nothing of the sign-in is left on the disk
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server   | session check, sign-out |
        | disk     | delete tokens           |
        | keychain | delete key              |

    @inproc
    Scenario: The code is for any device, so no browser is opened here
      Given the app is open
      When Ada presses "sign in with a code"
      Then the window shows that a sign-in is under way
      And the code of the sign-in is sealed on the disk, and no token with it
      And this happened, and nothing else:
        | server   | device codes |
        | keychain | write key    |
        | disk     | write tokens |

  @SI-15
  Rule: A sign-in that is pending survives the window, and with a code the app too

    The device code is as good as the session that it leads to. It is sealed like the tokens, and
    deleted when the sign-in ends, however it ends.

    @inproc
    Scenario: The window crashes while Ada looks for her telephone
      Given the app is open
      And Ada has pressed "sign in with a code"
      When the window crashes
      Then the window shows that a sign-in is under way
      And it says "The window ended unexpectedly and was started again."
      And the code of the sign-in can be read
      And this happened, and nothing else:
        | notice | The window ended unexpectedly and was started again. Nothing that was stored is lost. |

    @inproc
    Scenario: Ada closes the app before she has entered the code, and there are seconds left for it
      Given a server whose sign-in codes are good for 60 seconds
      And the app is open
      And Ada has pressed "sign in with a code"
      And the window was closed
      And 55 seconds have passed
      When Ada opens the app
      Then the window shows that a sign-in is under way
      And the code of the sign-in can be read
      And the code of the sign-in is sealed on the disk, and no token with it
      And this happened, and nothing else:
        | keychain | read key |

    @inproc
    Scenario: Ada opens the app again and allows it then
      Given the app is open
      And Ada has pressed "sign in with a code"
      And the window was closed
      And the app is open
      When Ada allows it in the browser
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And access token and refresh token are two
      And this happened, and nothing else:
        | server | device check, session check, notes             |
        | disk   | write tokens, write profile, write sync state  |

    @inproc
    Scenario: The code has run out by the next morning
      Given a server whose sign-in codes are good for 60 seconds
      And the app is open
      And Ada has pressed "sign in with a code"
      And the window was closed
      And 8 hours have passed
      When Ada opens the app
      Then the window shows the login form
      And nothing of the sign-in is left on the disk
      And this happened, and nothing else:
        | keychain | read key, delete key |
        | disk     | delete tokens        |

    @inproc
    Scenario: A sign-in with the browser does not survive the app
      Given the app is open
      And Ada has pressed "sign in with the browser"
      And the window was closed
      When Ada opens the app
      Then the window shows the login form
      And nobody waits for the browser any more
      And no token is stored
      And nothing else happened

  @SI-18
  Rule: Somebody else than before is named first, and nothing is stored until the person at the window goes on

    A link or a code can end up with somebody else: passed on, read over a shoulder, or opened in a
    browser where another account is signed in. What Ada writes next would be Bob's. So she is
    asked; with the password she names the account herself. After a sign-out nobody was here, and
    nobody is asked.

    Scenario: Ada's session has ended, and it is Bob who signs in in the browser
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      And the app is open
      And Ada has pressed "sign in with the browser"
      When Bob allows it in the browser
      Then the window shows that a sign-in is under way
      And it says "bob@example.com (Bob Kahn) signed in in the browser; before it was ada@example.com (Ada Lovelace)."
      And the keyboard is at "cancel"
      And nobody waits for the browser any more
      And no token is stored
      And this happened, and nothing else:
        | server | code exchange, session check |

    @desktop
    Scenario: Bob goes on by keys, after a look at something else
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      And the app is open
      And Ada has pressed "sign in with the browser"
      And Bob has allowed it in the browser
      When Bob presses the keys "Shift+Tab, Ctrl+E, Enter"
      Then the window shows Bob signed in
      And Bob's tokens are stored
      And this happened, and nothing else:
        | server   | notes                                           |
        | keychain | write key                                       |
        | disk     | write tokens, write profile, write sync state   |

    @inproc
    Scenario: Bob goes on
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      And the app is open
      And Ada has pressed "sign in with the browser"
      And Bob has allowed it in the browser
      When Bob presses "go on"
      Then the window shows Bob signed in
      And it is another window than before
      And Bob's tokens are stored
      And this happened, and nothing else:
        | server   | notes                                           |
        | keychain | write key                                       |
        | disk     | write tokens, write profile, write sync state   |

    Scenario: Ada does not go on as Bob
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      And the app is open
      And Ada has pressed "sign in with the browser"
      And Bob has allowed it in the browser
      When Ada presses "cancel"
      Then the window shows Ada with an expired session
      And it says "You did not go on as bob@example.com (Bob Kahn)."
      And no session of Bob is alive on the server
      And no token is stored
      And this happened, and nothing else:
        | server | sign-out |

    @inproc
    Scenario: It is Bob who enters the code
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      And the app is open
      And Ada has pressed "sign in with a code"
      When Bob allows it in the browser
      Then the window shows that a sign-in is under way
      And it says "bob@example.com (Bob Kahn) signed in with the code; before it was ada@example.com (Ada Lovelace)."
      And sync and the assistant are paused
      And nothing of the sign-in is left on the disk
      And this happened, and nothing else:
        | server   | device check, session check |
        | disk     | delete tokens               |
        | keychain | delete key                  |

    @inproc
    Scenario: It is Bob who enters the code, and the app was started anew since it was shown
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      And the app is open
      And Ada has pressed "sign in with a code"
      And the window was closed
      And the app is open
      When Bob allows it in the browser
      Then the window shows that a sign-in is under way
      And it says "bob@example.com (Bob Kahn) signed in with the code; before it was ada@example.com (Ada Lovelace)."
      And nothing of the sign-in is left on the disk
      And this happened, and nothing else:
        | server   | device check, session check |
        | disk     | delete tokens               |
        | keychain | delete key                  |

    @inproc
    Scenario: The app is closed before anybody has answered
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      And the app is open
      And Ada has pressed "sign in with the browser"
      And Bob has allowed it in the browser
      When Ada closes the app
      Then no session of Bob is alive on the server
      And no token is stored
      And this happened, and nothing else:
        | server | sign-out |

    @inproc
    Scenario: The window crashes before anybody has answered
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      And the app is open
      And Ada has pressed "sign in with the browser"
      And Bob has allowed it in the browser
      When the window crashes
      Then the window shows that a sign-in is under way
      And it says "bob@example.com (Bob Kahn) signed in in the browser"
      And no token is stored
      And this happened, and nothing else:
        | notice | The window ended unexpectedly and was started again. Nothing that was stored is lost. |

    @inproc
    Scenario: Ada signs in in another copy before anybody has answered
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      And the app is open
      And another copy of the app is open
      And Ada has pressed "sign in with the browser"
      And Bob has allowed it in the browser
      And Ada has signed in in the other copy
      When 10 seconds pass
      Then the window shows Ada signed in
      And no session of Bob is alive on the server
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server   | sign-out, refresh, session check, notes                         |
        | keychain | read key                                                        |
        | disk     | write journal, write tokens, delete journal, write sync state   |

    @inproc
    Scenario: The app was started anew since Ada's session ended
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      And the app was opened and closed again
      And the app is open
      And Ada has pressed "sign in with the browser"
      When Bob allows it in the browser
      Then it says "before it was ada@example.com (Ada Lovelace)."
      And it says "The server ended the session"
      And no token is stored
      And this happened, and nothing else:
        | server | code exchange, session check |

    @inproc
    Scenario: Ada has signed out before, so nobody was here
      Given Ada is signed in
      And Ada has pressed "sign out"
      And Ada has pressed "restart"
      And Bob has pressed "sign in with the browser"
      When Bob allows it in the browser
      Then the window shows Bob signed in
      And Bob's tokens are stored
      And this happened, and nothing else:
        | server   | code exchange, session check, notes            |
        | keychain | write key                                      |
        | disk     | write tokens, write profile, write sync state  |

  @SI-16
  Rule: A sign-in can be cancelled at any moment, and a session that is opened all the same is ended again

    Scenario: Ada changes her mind while the browser is open
      Given the app is open
      And Ada has pressed "sign in with the browser"
      When Ada presses "escape"
      Then the window shows the login form
      And it says "Sign in with a code instead"
      And nobody waits for the browser any more
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Ada changes her mind before there is a port to come back to, so none stays open
      Given the app is open
      And a port is free only after a second
      And Ada has pressed "sign in with the browser"
      And Ada has pressed "cancel"
      When one second passes
      Then the window shows the login form
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Ada changes her mind about the code, and is back at the form as she left it
      Given the app is open
      And Ada's sign-in has failed
      And Ada has pressed "sign in with a code"
      When Ada presses "cancel"
      Then the window shows the login form
      And the form still holds Ada's e-mail and no password
      And nothing of the sign-in is left on the disk
      And this happened, and nothing else:
        | disk     | delete tokens |
        | keychain | delete key    |

    @inproc
    Scenario: The server answers the password after Ada has cancelled
      Given the app is open
      And the next "sign-in" request is not answered yet
      And Ada's sign-in is under way
      And Ada has pressed "cancel"
      When the server answers
      Then the window shows the login form
      And no token is stored
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server | session check, sign-out |

    @inproc
    Scenario: The server hands over the session after Ada has cancelled
      Given the app is open
      And Ada has pressed "sign in with the browser"
      And the next "code exchange" request is not answered yet
      And Ada has allowed it in the browser
      And Ada has pressed "cancel"
      When the server answers
      Then the window shows the login form
      And no token is stored
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server | session check, sign-out |

    @inproc
    Scenario: Ada cancels while the app asks whose the session is
      Given the app is open
      And Ada has pressed "sign in with a code"
      And the next "session check" request is refused, but not yet
      And Ada has allowed it in the browser
      And Ada has pressed "cancel"
      When the server answers
      Then the window shows the login form
      And no session of Ada is alive on the server
      And no token is stored
      And this happened, and nothing else:
        | server | sign-out |

    @inproc
    Scenario Outline: Ada closes the app while it asks whose the session is that she signed in to <way>
      Given the app is open
      And the next "session check" request is not answered yet
      And Ada has pressed "sign in <way>"
      And Ada has allowed it in the browser
      And the window was closed
      When Ada opens the app
      Then the window shows the login form
      And no token is stored
      And no session of Ada is alive on the server
      And nothing else happened

      Examples:
        | way              |
        | with the browser |
        | with a code      |

    @inproc
    Scenario: Ada closes the app before it hears of the session that she signed in to with the browser
      Given the app is open
      And Ada has pressed "sign in with the browser"
      And the next "code exchange" request is not answered yet
      And Ada has allowed it in the browser
      When Ada closes the window, and the server answers after 1 second
      Then no session of Ada is alive on the server
      And nothing of the sign-in is left on the disk
      And this happened, and nothing else:
        | server | sign-out |

    @inproc
    Scenario: Ada closes the app before it hears of the session that she signed in to with a code
      Given the app is open
      And Ada has pressed "sign in with a code"
      And the next "device check" request is not answered yet
      And Ada has allowed it in the browser
      When Ada closes the window, and the server answers after 1 second
      Then no session of Ada is alive on the server
      And nothing of the sign-in is left on the disk
      And this happened, and nothing else:
        | server   | sign-out      |
        | keychain | delete key    |
        | disk     | delete tokens |

    @inproc
    Scenario: Ada closes the app before it hears of the session that her password has opened
      Given the app is open
      And the next "sign-in" request is not answered yet
      And Ada's sign-in is under way
      When Ada closes the window, and the server answers after 1 second
      Then no session of Ada is alive on the server
      And no token is stored
      And this happened, and nothing else:
        | server | sign-out |

    @inproc
    Scenario: Ada closes the app while it asks how long the session lasts that her password has opened
      Given the app is open
      And the next "session check" request is not answered yet
      And Ada's sign-in is under way
      And the window was closed
      When Ada opens the app
      Then the window shows the login form
      And no token is stored
      And no session of Ada is alive on the server
      And nothing else happened

    @inproc
    Scenario: Ada closes the app while her session waits to be stored, since another copy is busy
      Given the app is open
      And another copy of the app is busy with the stored session
      And Ada's sign-in is under way
      When Ada closes the window, and the other copy is done after 10 seconds
      Then no session of Ada is alive on the server
      And no token is stored
      And this happened, and nothing else:
        | server | sign-out |

    @inproc
    Scenario: Ada cancels while the keychain asks before her session is stored, and the disk is full by then
      Given the app is open
      And another copy of the app is open
      And the next "sign-in" request is not answered yet
      And Ada's sign-in is under way
      And Bob has signed in in the other copy
      And the keychain asks before it gives a key
      And the server has answered
      And Ada has pressed "cancel"
      And the disk is full
      When Ada answers the keychain with yes
      Then no session of Ada is alive on the server
      And Bob's tokens are kept
      And this happened, and nothing else:
        | server   | sign-out |
        | keychain | read key |

    @inproc
    Scenario: Ada signs in in another copy while the browser is open
      Given the app is open
      And another copy of the app is open
      And Ada has pressed "sign in with the browser"
      And Ada has signed in in the other copy
      When 10 seconds pass
      Then the window shows Ada signed in
      And nobody waits for the browser any more
      And Ada's tokens are renewed
      And what is usual at a start happened, and nothing else
