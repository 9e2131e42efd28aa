Feature: Signing in

  A person types an e-mail address and a password, and from then on is known to the server until
  they sign out. What the server hands over for that, an access and a refresh token, is as good as
  the password. So it is encrypted before it reaches the disk, and the window, which is the first
  part that an attacker reaches, never sees it.

  The window must not promise what would not survive a restart: it shows the session only when the
  tokens are safely stored. And when a sign-in fails, it says why in a way that helps, and leaves
  nothing behind.

  @SI-1
  Rule: Good credentials store the tokens, and only then the window shows the session

    Scenario: Ada signs in for the first time on this computer
      Given the app is open
      When Ada signs in
      Then the window shows Ada signed in
      And the page with the notes is open
      And the window looks like this:
        | title          | "refapp - Signed in"        |
        | Notes          | chosen                      |
        | note           | ""; at the keyboard         |
        | account button | "Ada Lovelace · Signed in"  |
        | initials       | "AL"                        |
      And it says "refapp - Signed in"
      And Ada's tokens are stored
      And what is usual at a sign-in happened, and nothing else

    Scenario: The session is not shown while its tokens are not stored
      Given the app is open
      And the next "sign-in" request is not answered yet
      When Ada signs in
      Then the window never showed Ada signed in
      And the window looks like this:
        | e-mail          | "ada@example.com"; can't be used |
        | password        | 0 characters; can't be used      |
        | sign in         | can't be used                    |
        | in the browser  | can't be used                    |
        | working         | "Signing in…"                    |
        | stop signing in | can be used                      |
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

    @inproc
    Scenario: Ada can see what kind of session it is
      Given the app is open
      When Ada signs in
      Then it says "Access token with a one-time refresh token"
      And it says "Its key is kept by Test Keychain"
      And Ada's tokens are stored
      And what is usual at a sign-in happened, and nothing else

    @inproc
    Scenario: Ada pastes her address with a blank behind it
      Given the app is open
      When Ada signs in as "ada@example.com "
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And what is usual at a sign-in happened, and nothing else

  @SI-2
  Rule: A single token from the server serves as both

    Scenario: Ada signs in at a server that knows one token
      Given a server with sliding sessions
      And the app is open
      When Ada signs in
      Then the window shows Ada signed in
      And access token and refresh token are the same
      And what is usual at a sign-in happened, and nothing else

    @inproc
    Scenario: The server takes its token signed alone, as it is in the answer's header and not in its body
      Given a server that takes signed tokens alone
      And the app is open
      When Ada signs in
      Then the window shows Ada signed in
      And access token and refresh token are the same
      And what is usual at a sign-in happened, and nothing else

    @inproc
    Scenario Outline: The server hands out another token in its place, which <serves>
      Given a server <that>
      And Ada is signed in
      And 6 minutes have passed
      And the answer to the next "session check" request is 200 json set-auth-token: another {"session":{"expiresAt":"2030-03-18T00:00:00.000Z"}}
      When Ada presses "sync"
      Then the window shows Ada signed in
      And access token and refresh token are <alike>
      And this happened, and nothing else:
        | server | notes, session check           |
        | disk   | write sync state, write tokens |

      Examples:
        | that                  | serves                              | alike    |
        | with sliding sessions | serves as both from then on         | the same |
        | with refresh tokens   | leaves the refresh token what it is | two      |

    Scenario: Ada signs in at a server that knows two tokens
      Given a server with refresh tokens
      And the app is open
      When Ada signs in
      Then the window shows Ada signed in
      And access token and refresh token are two
      And what is usual at a sign-in happened, and nothing else

  @SI-3
  Rule: An answer without data is a failed sign-in

    Scenario: The server says yes, and hands over nothing
      Given the app is open
      And the next "sign-in" request is answered with nothing
      When Ada signs in
      Then the window shows the login form
      And it says "Sign-in failed: no data returned"
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

  @SI-4
  Rule: Tokens that can't be stored make the sign-in fail

    The server has opened a session by then. Nobody will ever use it, so the app asks the server to
    end it again.

    @inproc
    Scenario: The disk is full when Ada signs in
      Given the app is open
      And the disk is full
      When Ada signs in
      Then the window shows the login form
      And it says "Failed to store tokens: "
      And it says "could not be written. Free some disk space or mend the folder's permissions, then try again."
      And no token is stored
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server   | sign-in, session check, sign-out |
        | keychain | write key, delete key |

    @inproc
    Scenario: The disk takes her tokens, and does not confirm that they will stay
      Given the app is open
      And the disk is unable to confirm a change
      When Ada signs in
      Then the window shows the login form
      And it says "Failed to store tokens: The disk did not confirm the change of the file of your stored session. Check the disk, then try again."
      And no token is stored
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server   | sign-in, session check, sign-out |
        | keychain | write key, delete key |
        | disk     | write tokens, delete tokens, write history |

  @SI-5
  Rule: Signing in ends an expiry

    Scenario: Ada signs in again after her session has expired
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      And the app is open
      When Ada signs in
      Then the window shows Ada signed in
      And sync and the assistant are ready
      And Ada's tokens are stored
      And what is usual at a sign-in happened, and nothing else

  @SI-6
  Rule: The profile is cached for the next start

    Scenario: Ada's name lies in plain settings, her tokens do not
      Given the app is open
      When Ada signs in
      Then the settings hold "Ada Lovelace" and no token
      And what is usual at a sign-in happened, and nothing else

  @SI-7
  Rule: The window shows that a sign-in is under way, until it has ended

    Scenario: A sign-in that succeeds
      Given the app is open
      When Ada signs in
      Then meanwhile the window showed that a sign-in is under way
      And the window shows Ada signed in
      And what is usual at a sign-in happened, and nothing else

    @desktop
    Scenario: The server takes its time, and Ada sees what she waits for, however often she presses Enter
      Given the app is open
      And the next "sign-in" request is not answered yet
      When Ada presses the keys "Alt+E, 'ada@example.com', Alt+P, 'secret', Enter 2 times"
      Then the window looks like this:
        | working         | "Signing in…"               |
        | password        | 0 characters; can't be used |
        | sign in         | can't be used               |
        | stop signing in | can be used                 |
        | complaint       | not there                   |
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

    @desktop
    Scenario: She does not wait any longer, and says so by the letter of the button, which others have at other times
      Given the app is open
      And the next "sign-in" request is not answered yet
      And Ada has pressed the keys "Alt+E, 'ada@example.com', Alt+P, 'secret', Enter"
      When Ada presses the keys "Alt+C"
      Then the window looks like this:
        | working         | not there                   |
        | e-mail          | "ada@example.com"           |
        | password        | 0 characters; can be used   |
        | sign in         | can be used                 |
        | stop signing in | not there                   |
        | pending         | not there                   |
      And no token is stored
      And nothing else happened

    Scenario: A sign-in that fails
      Given the app is open
      And the next "sign-in" request fails
      When Ada signs in
      Then meanwhile the window showed that a sign-in is under way
      And the window shows the login form
      And it says "The server has a problem"
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

  @SI-8
  Rule: Wrong credentials are said in the server's words, and leave nothing behind

    Scenario: Ada mistypes her password
      Given the app is open
      And Ada's sign-in has failed
      And Ada has pressed "show password"
      When Ada signs in with the password "analytical enigne"
      Then the window shows the login form
      And it says "Invalid email or password"
      And the form still holds Ada's e-mail and no password
      And "show password" is not ticked
      And the window looks like this:
        | e-mail          | "ada@example.com"; can be used; with a grey edge |
        | password        | 0 characters; at the keyboard; with a red edge   |
        | sign in         | can be used                                      |
        | stop signing in | not there                                        |
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

    @inproc
    Scenario: Ada forgets to type a password, and the server is not asked
      Given the app is open
      When Ada signs in without a password
      Then the window shows the login form
      And it says "Enter your password."
      And no token is stored
      And nothing else happened

    @desktop
    Scenario Outline: Ada presses Enter in a form without <what>, and is led to it
      Given the app is open
      When Ada presses the keys "<keys>"
      Then the window looks like this:
        | e-mail    | "<e-mail>"                                   |
        | password  | <password> characters                        |
        | <place>   | at the keyboard; with a <colour> edge        |
        | complaint | "<said>"                                     |
        | sign in   | can be used                                  |
      And no token is stored
      And nothing else happened

      Examples:
        | what        | keys                     | e-mail | password | place    | colour | said                       |
        | an address  | Alt+P, 'secret', Enter   |        | 6        | e-mail   | blue   | Enter your e-mail address. |
        | a password  | Alt+E, 'ada', Enter      | ada    | 0        | password | red    | Enter your password.       |

    @desktop
    Scenario: Caps Lock is on when Ada types her password, and she reads it before it is sent
      Given the app is open
      When Ada presses "a letter with Caps Lock on"
      Then it says "Caps Lock is on."
      And no token is stored
      And nothing else happened

    @desktop
    Scenario: What Bob types in place of Ada's address stays, whatever else happens
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      And the app is open
      And Bob has typed his e-mail into the form
      When Ada writes the note "Engines weave."
      Then the form holds Bob's e-mail
      And this happened, and nothing else:
        | disk | write note, write whose notes |

    Scenario: Somebody tries Ada's account after her session has expired
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      And the app is open
      When Ada signs in with the password "a guess"
      Then the window shows Ada with an expired session
      And the page with the form is open
      And it says "Invalid email or password"
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

  @SI-9
  Rule: Offline is not the same as wrong

    Scenario Outline: Grace signs in on a train, where the server <state>
      Given the app is open
      And the server <state>
      When Grace signs in
      Then the window shows the login form
      And it says "<words>"
      And it says "Your password was not <fate>"
      And it does not say "Invalid"
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

      Examples: on any network
        | state            | words            | fate |
        | can't be reached | can't be reached | sent |

      @inproc
      Examples: that only a test's network can show
        | state                   | words                                     | fate    |
        | can't be found          | can't be found                            | sent    |
        | can't be looked up      | names can't be looked up now              | sent    |
        | can't prove who it is   | can't prove who it is                     | sent    |
        | does not answer         | took too long                             | refused |
        | does not end its answer | its answer began, and did not end in time | refused |

  @TF-4
  Rule: An account that the server refuses for a reason of its own is told that reason, and a way on

    The password may be right, and the network certainly is. What helps is the server's reason, and
    what to do about it here: many of these accounts can sign in on the server's own page.

    @inproc
    Scenario: Ada's address is not confirmed, and she has the message sent again
      Given the app is open
      And the answer to the next "sign-in" request is 403 json - {"message":"Email not verified","code":"EMAIL_NOT_VERIFIED"}
      And Ada's sign-in is under way
      And the answer to the next "confirmation by e-mail" request is 200 json - {"status":true}
      When Ada presses "send the message again"
      Then the window shows the login form
      And it says "The message is sent again. Follow its link, then sign in."
      And the form still holds Ada's e-mail and no password
      And no token is stored
      And this happened, and nothing else:
        | server | confirmation by e-mail                                    |
        | notice | The message is sent again. Follow its link, then sign in. |

    @inproc
    Scenario: Her session has expired, and she has the message sent again
      Given Ada is signed in
      And the server has ended Ada's session
      And Ada has pressed "sync"
      And the answer to the next "sign-in" request is 403 json - {"message":"Email not verified","code":"EMAIL_NOT_VERIFIED"}
      And Ada's sign-in is under way
      And the answer to the next "confirmation by e-mail" request is 200 json - {"status":true}
      When Ada presses "send the message again"
      Then the window shows Ada with an expired session
      And it says "The message is sent again. Follow its link, then sign in."
      And no token is stored
      And this happened, and nothing else:
        | server | confirmation by e-mail                                    |
        | notice | The message is sent again. Follow its link, then sign in. |

    @inproc
    Scenario Outline: The server sends no such message, and <says>
      Given the app is open
      And the answer to the next "sign-in" request is 403 json - {"message":"Email not verified","code":"EMAIL_NOT_VERIFIED"}
      And Ada's sign-in is under way
      And the answer to the next "confirmation by e-mail" request is <status> json - <body>
      When Ada presses "send the message again"
      Then the window shows the login form
      And no token is stored
      And this happened, and nothing else:
        | server | confirmation by e-mail |
        | notice | <sentence>             |

      Examples:
        | says              | status | body                                                                                   | sentence                                                               |
        | why               | 400    | {"message":"Verification email isn't enabled","code":"VERIFICATION_EMAIL_NOT_ENABLED"} | No message was sent. The server says: Verification email isn't enabled |
        | nothing about why | 403    | {"code":"FORBIDDEN"}                                                                   | No message was sent. The server does not send it.                      |

    @inproc
    Scenario: Ada signs in by a user name, so there is no address to send it to
      Given the app is open
      And the answer to the next "sign-in" request is 403 json - {"message":"Email not verified","code":"EMAIL_NOT_VERIFIED"}
      When Ada signs in as "ada"
      Then the window shows the login form
      And it says "Your e-mail address is not confirmed yet."
      And it does not say "Send the message again"
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

    @inproc
    Scenario: Nothing is sent to an address that the server has nothing against
      Given the app is open
      And Ada's sign-in has failed
      When the window asks to have the message sent again
      Then the window shows the login form
      And it does not say "Send the message again"
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: The server wants to see a person
      Given the app is open
      And the answer to the next "sign-in" request is 400 json - {"message":"Missing CAPTCHA response","code":"MISSING_RESPONSE"}
      When Ada signs in
      Then the window shows the login form
      And it says "The server wants to see that it is a person who signs in, which this window can't show."
      And it says "Sign in with the browser instead"
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

    @inproc
    Scenario Outline: Ada has <what>, and goes on in the browser
      Given the app is open
      When Ada presses "<link>"
      Then the window shows that a sign-in is under way
      And Ada's link was opened in the browser
      And no token is stored
      And this happened, and nothing else:
        | server  | browser flow check |
        | browser | open the link      |

      Examples:
        | what                   | link                 |
        | no account yet         | no account yet       |
        | forgotten her password | forgot your password |

    @inproc
    Scenario Outline: Ada is banned while she is signed in, after a renewal that <fares>
      Given Ada is signed in
      And the server has ended Ada's session
      And Ada has pressed "sync"
      And Ada has signed in
      And the next "refresh" request <fares>
      And the answer to the next "refresh" request is 403 json - {"message":"You have been banned","code":"BANNED_USER"}
      When 15 minutes pass
      Then the window shows Ada with an expired session
      And it says "The server has banned this account."
      And "The server has banned this account." stands above "The server ended the session"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | refresh, refresh                                            |
        | keychain | delete key                                                  |
        | disk     | <disk>                                                      |
        | notice   | Session expired. Sign in again to restore cloud features.   |

      Examples:
        | fares        | disk                                                                                       |
        | is forbidden | write journal, delete journal, write journal, delete journal, write history, delete tokens |
        | fails        | write journal, write journal, write history, delete tokens, delete journal                 |

    @inproc
    Scenario: That is for her to read, and not for Bob
      Given Ada is signed in
      And the answer to the next "refresh" request is 403 json - {"message":"You have been banned","code":"BANNED_USER"}
      And 15 minutes have passed
      And Bob has signed in
      And the server has ended Bob's session
      When Bob presses "sync"
      Then the window shows Bob with an expired session
      And it says "The server ended the session"
      And it does not say "banned"
      And Bob's tokens are gone
      And this happened, and nothing else:
        | server   | notes, refresh                                              |
        | keychain | delete key                                                  |
        | disk     | write journal, delete journal, write history, delete tokens |
        | notice   | Session expired. Sign in again to restore cloud features.   |

  @SI-17
  Rule: A token that a sign-in brings is shown to the server once

    A server can open sessions whose token it never takes (BetterAuth without its bearer plugin).
    Found out later, that looks like a session that ended from elsewhere. What the check says about
    the end of the session is what keeps it alive.

    @inproc
    Scenario: The server does not take the app's token
      Given the app is open
      And the answer to the next "session check" request is 200 json - null
      When Ada signs in
      Then the window shows the login form
      And it says "The server opened a session, and does not take the app's token for it."
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in, session check, sign-out |

    @inproc
    Scenario: Nor the one of a session that Ada has allowed in the browser, which is ended
      Given the app is open
      And Ada has pressed "sign in with the browser"
      And the answer to the next "session check" request is 200 json - null
      When Ada allows it in the browser
      Then the window shows the login form
      And it says "The server opened a session, and does not take the app's token for it."
      And no session of Ada is alive on the server
      And no token is stored
      And this happened, and nothing else:
        | server | code exchange, session check, sign-out |

    @inproc
    Scenario: The check can't tell, and the sign-in counts
      Given the app is open
      And the answer to the next "session check" request is 503 none - nothing
      When Ada signs in
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And what is usual at a sign-in happened, and nothing else

    @inproc
    Scenario: The check does not say whose session it is, and Ada has the name that the sign-in brought
      Given the app is open
      And the answer to the next "session check" request is 200 json - {"session":{"expiresAt":"2030-03-18T00:00:00.000Z"}}
      When Ada signs in
      Then the window shows Ada signed in
      And the settings hold "Ada Lovelace" and no token
      And Ada's tokens are stored
      And what is usual at a sign-in happened, and nothing else

    @inproc
    Scenario: A session that lives as long as it is used, in a window that is left open
      Given a server with sliding sessions of an hour
      And Ada is signed in
      And 2 hours have passed
      When Ada presses "sync"
      Then the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes, session check |
        | disk   | write sync state     |

    @inproc
    Scenario: The check hands out another token, which the next request goes with; a stranger's, so it is renewed
      Given each server counts its users
      And the app is open
      And the answer to the next "session check" request is 200 json set-auth-token: another {"session":{"expiresAt":"2030-03-18T00:00:00.000Z"},"user":{"id":"1","name":"Ada King","email":"ada@example.com"}}
      When Ada signs in
      Then the window shows Ada signed in
      And it says "Ada King"
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | sign-in, session check, notes, refresh, notes                                                 |
        | keychain | write key                                                                                     |
        | disk     | write tokens, write profile, write journal, write tokens, delete journal, write sync state    |

  @SI-10
  Rule: Without secure storage no password is sent

    Scenario: The keychain is locked while the login form is open
      Given the app is open
      And the keychain is locked
      When Ada signs in
      Then the window shows that signing in is not possible
      And it says "Your keychain is locked."
      And no token is stored
      And nothing else happened

    @inproc
    Scenario Outline: A newer version has stored a session, and Ada <signs in>
      Given Ada was signed in when the app was closed
      And the token file was written by a newer version
      And the app is open
      When Ada <signs in>
      Then the window shows that signing in is not possible
      And it says "written by a newer version of this app"
      And it says "Start the newer version of the app, or move the file away and sign in again."
      And the stored tokens are kept
      And nothing else happened

      Examples:
        | signs in                           |
        | signs in                           |
        | presses "sign in with the browser" |

    @inproc
    Scenario: A newer version has made the key, and Ada signs in
      Given Ada was signed in when the app was closed
      And the keychain has the app's key as a newer version keeps it
      And the app is open
      When Ada signs in
      Then the window shows that signing in is not possible
      And it says "The key in the keychain has a form that this version does not know."
      And the stored tokens are kept
      And this happened, and nothing else:
        | keychain | read key |
