Feature: What the window shows, page by page

  The other features say what has to be there: a sentence, a button. Here stand whole pages, from
  top to bottom, and what is not in a table is not on the page. So a text that is wrong, stale, said
  twice or in the wrong state is noticed, and a button that is missing, or can be pressed when it
  must not be.

  A row is a place, what it says there, and its buttons: those that can be pressed, and those that
  can't. In brackets stands the letter that presses one together with Alt, where the page decides
  it. The state, which is the window's title and the account button, the banner and the notice are
  above every page. The server, the version and the codes of a sign-in differ from run to run, and
  have a word each; it is 18:00.

  @PG-1
  Rule: Whoever is not signed in sees the ways to sign in, and what became of the last one

    Scenario: The form at the first start
      Given the app is open
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state   | refapp - Signed out · Account · Signed out | |
        | heading | Sign in | |
        | ways    | | can: Sign in with the browser, Sign in with a code |
        | or      | Or type your password into this window. It goes to http://server: | |
        | form    | | can: Show password, Sign in, Forgot your password?, No account yet? |
        | kept    | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |
      And the page with the form is open

    @inproc
    Scenario: The server's own account, where the app brings its server along
      Given the app brings a server of its own along
      And the app is open
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state     | refapp - Signed out · Account · Signed out | |
        | heading   | Sign in | |
        | ways      | | can: Sign in with the browser, Sign in with a code |
        | or        | Or type your password into this window. It goes to http://server: | |
        | form      | | can: Show password, Sign in, Forgot your password?, No account yet? |
        | demo      | This is a demo server. Use demo@example.com with the password shown to everybody | can: Fill in |
        | filled in | demo@example.com, shown to everybody | |
        | kept      | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The form while the password is looked at, for a moment
      Given the app is open
      And the next "sign-in" request is not answered yet
      And Ada's sign-in is under way
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state   | refapp - Signing in… · Account · Signing in… | |
        | heading | Sign in | |
        | ways    | | can't: Sign in with the browser, Sign in with a code |
        | or      | Or type your password into this window. It goes to http://server: | |
        | form    | ada@example.com | can't: Show password, Sign in, Forgot your password?, No account yet? |
        | busy    | | can: Cancel |
        | kept    | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The form while the password is looked at, for longer
      Given the app is open
      And the next "sign-in" request is not answered yet
      And Ada's sign-in is under way
      When one second passes
      Then the page with the account shows, and nothing else:
        | state   | refapp - Signing in… · Account · Signing in… | |
        | heading | Sign in | |
        | ways    | | can't: Sign in with the browser, Sign in with a code |
        | or      | Or type your password into this window. It goes to http://server: | |
        | form    | ada@example.com | can't: Show password, Sign in, Forgot your password?, No account yet? |
        | busy    | Signing in… | can: Cancel |
        | kept    | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    Scenario: The form after a wrong password
      Given the app is open
      And Ada's sign-in has failed
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state                  | refapp - Signed out · Account · Signed out | |
        | heading                | Sign in | |
        | ways                   | | can: Sign in with the browser, Sign in with a code |
        | or                     | Or type your password into this window. It goes to http://server: | |
        | form                   | ada@example.com | can: Show password, Sign in, Forgot your password?, No account yet? |
        | error, of the password | Invalid email or password | |
        | kept                   | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The form when the server has a problem
      Given the app is open
      And the next "sign-in" request fails
      And Ada's sign-in is under way
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state   | refapp - Signed out · Account · Signed out | |
        | heading | Sign in | |
        | ways    | | can: Sign in with the browser, Sign in with a code |
        | or      | Or type your password into this window. It goes to http://server: | |
        | form    | ada@example.com | can: Show password, Sign in, Forgot your password?, No account yet? |
        | error   | The server has a problem (error 503). Try again later. | |
        | kept    | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The form of an expired session, after a wrong password
      Given Ada is signed in
      And the server has ended Ada's session
      And Ada has pressed "sync"
      And Ada's sign-in has failed
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state                  | refapp - Session expired · AL · Ada Lovelace · Session expired | |
        | banner, warning        | Session expired. Sign in again to restore cloud features. | can: Sign in (G) |
        | heading                | Sign in again | |
        | ways                   | | can: Sign in with the browser, Sign in with a code |
        | or                     | Or type your password into this window. It goes to http://server: | |
        | form                   | ada@example.com | can: Show password, Sign in, Forgot your password?, No account yet? |
        | error, of the password | Invalid email or password | |
        | reason                 | 18:00 · The server ended the session: it expired, or you were signed out from elsewhere. | |
        | profile                | AL · Ada Lovelace · ada@example.com | |
        | profile                | Signed in at: http://server · State: Session expired · Kind of session: Access token with a one-time refresh token · Version: x.y.z | can: Sign out |
        | kept                   | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |
      And the page with the form is open

    @inproc
    Scenario: The form with an address that is too long
      Given the app is open
      When Ada signs in with an address of 321 characters
      Then the page with the account shows, and nothing else:
        | state   | refapp - Signed out · Account · Signed out | |
        | heading | Sign in | |
        | ways    | | can: Sign in with the browser, Sign in with a code |
        | or      | Or type your password into this window. It goes to http://server: | |
        | form    | | can: Show password, Sign in, Forgot your password?, No account yet? |
        | error   | This is not an e-mail address: it has 321 characters. Nothing was sent. | |
        | kept    | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The form with a password that is too long
      Given the app is open
      When Ada signs in with a password of 1,025 characters
      Then the page with the account shows, and nothing else:
        | state   | refapp - Signed out · Account · Signed out | |
        | heading | Sign in | |
        | ways    | | can: Sign in with the browser, Sign in with a code |
        | or      | Or type your password into this window. It goes to http://server: | |
        | form    | | can: Show password, Sign in, Forgot your password?, No account yet? |
        | error   | The password has 1,025 characters; 1,024 is the limit. Nothing was sent. | |
        | kept    | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The form after no password and no address
      Given the app is open
      When Ada signs in without an address and a password
      Then the page with the account shows, and nothing else:
        | state   | refapp - Signed out · Account · Signed out | |
        | heading | Sign in | |
        | ways    | | can: Sign in with the browser, Sign in with a code |
        | or      | Or type your password into this window. It goes to http://server: | |
        | form    | | can: Show password, Sign in, Forgot your password?, No account yet? |
        | error   | Enter your e-mail address. | |
        | kept    | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The form after a password that the server wants to see nowhere but in the browser
      Given the app is open
      And the answer to the next "sign-in" request is 400 json - {"message":"Missing CAPTCHA response","code":"MISSING_RESPONSE"}
      And Ada's sign-in is under way
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state          | refapp - Signed out · Account · Signed out | |
        | heading        | Sign in | |
        | ways           | | can: Sign in with the browser, Sign in with a code |
        | error of a way | The server wants to see that it is a person who signs in, which this window can't show. Sign in with the browser. | |
        | offer          | | can: Sign in with the browser instead (B) |
        | or             | Or type your password into this window. It goes to http://server: | |
        | form           | ada@example.com | can: Show password, Sign in, Forgot your password?, No account yet? |
        | kept           | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The form for an address that has to be confirmed first
      Given the app is open
      And the answer to the next "sign-in" request is 403 json - {"message":"Email not verified","code":"EMAIL_NOT_VERIFIED"}
      And Ada's sign-in is under way
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state          | refapp - Signed out · Account · Signed out | |
        | heading        | Sign in | |
        | ways           | | can: Sign in with the browser, Sign in with a code |
        | error of a way | Your e-mail address is not confirmed yet. Follow the link in the message that the server has sent to it, then sign in again. | |
        | offer          | | can: Send the message again (M) |
        | or             | Or type your password into this window. It goes to http://server: | |
        | form           | ada@example.com | can: Show password, Sign in, Forgot your password?, No account yet? |
        | kept           | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario Outline: The form when the request to send it again <how>
      Given the app is open
      And the answer to the next "sign-in" request is 403 json - {"message":"Email not verified","code":"EMAIL_NOT_VERIFIED"}
      And Ada's sign-in is under way
      And the next "confirmation by e-mail" request <how>
      And Ada has pressed "send the message again"
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state           | refapp - Signed out · Account · Signed out | |
        | notice, warning | <notice> | can: Dismiss |
        | heading         | Sign in | |
        | ways            | | can: Sign in with the browser, Sign in with a code |
        | error of a way  | Your e-mail address is not confirmed yet. Follow the link in the message that the server has sent to it, then sign in again. | |
        | offer           | | can: Send the message again (M) |
        | or              | Or type your password into this window. It goes to http://server: | |
        | form            | ada@example.com | can: Show password, Sign in, Forgot your password?, No account yet? |
        | kept            | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

      Examples:
        | how                      | notice |
        | fails                    | No message was sent. The server has a problem (error 503). Try again later. |
        | is broken off in the app | The app broke this off. Try again. |

    @inproc
    Scenario: The form when a sign-in in the browser came to nothing
      Given the app is open
      And Ada has pressed "sign in with the browser"
      And 10 minutes have passed
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state          | refapp - Signed out · Account · Signed out | |
        | heading        | Sign in | |
        | ways           | | can: Sign in with the browser, Sign in with a code |
        | error of a way | Nobody signed in with the browser within 10 minutes. Try again when you like. | |
        | offer          | | can: Sign in with a code instead (C) |
        | or             | Or type your password into this window. It goes to http://server: | |
        | form           | | can: Show password, Sign in, Forgot your password?, No account yet? |
        | kept           | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The form when the server has no codes
      Given the app is open
      And the next "device codes" request is not offered
      And Ada has pressed "sign in with a code"
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state          | refapp - Signed out · Account · Signed out | |
        | heading        | Sign in | |
        | ways           | | can: Sign in with the browser, Sign in with a code |
        | error of a way | This server does not offer signing in with a code. | |
        | offer          | | can: Use your password instead (U) |
        | or             | Or type your password into this window. It goes to http://server: | |
        | form           | | can: Show password, Sign in, Forgot your password?, No account yet? |
        | kept           | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    Scenario: The page after a sign-out, of which the server could not be told
      Given Ada is signed in
      And the server can't be reached
      And Ada has pressed "sync"
      And Ada has pressed "sign out"
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state        | refapp - Restart needed · Account · Restart needed | |
        | banner, info | Signed out. Restart to finish. | can: Restart (R) |
        | notice, warning | You are signed out on this computer. The server could not be told, so it may list the session until it expires. | can: Dismiss |
        | heading      | You are signed out | |
        | message      | Nothing of the session is left on this computer's disk, and your notes are kept. Restart to clear what the app still holds in memory. | |
        | kept         | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |
      And the page with the form is open

    @inproc
    Scenario: The notes after a sign-out, which are put away
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And Ada has pressed "sign out"
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state        | refapp - Restart needed · Account · Restart needed | |
        | banner, info | Signed out. Restart to finish. | can: Restart (R) |
        | list         | No notes yet. What you write is kept on this computer, with or without an account. | can't: New note |
        | editor       | | can't: write |
        | saved        | New note | |
        | sync         | Sync: off · Sign in to use it. | can't: Sync now |
        | assistant    | Assistant: off · Sign in to use it. | can't: Summarise |

    @inproc
    Scenario: The page while a sign-out is under way
      Given Ada is signed in
      And another copy of the app is busy with the stored session
      And Ada has pressed "sign out"
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state   | refapp - Signing out… · AL · Ada Lovelace · Signing out… | |
        | profile | AL · Ada Lovelace · ada@example.com | |
        | profile | Signed in at: http://server · State: Signing out… · Kind of session: Access token with a one-time refresh token · Version: x.y.z | can't: Sign out |
        | kept    | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |
      And the page with the form is open

  @PG-2
  Rule: A sign-in that waits says for what and how long, and can be given up

    @inproc
    Scenario: In the browser
      Given the app is open
      And Ada has pressed "sign in with the browser"
      When 30 seconds pass
      Then the page with the account shows, and nothing else:
        | state     | refapp - Signing in… · Account · Signing in… | |
        | heading   | Sign in with the browser | |
        | text      | Finish signing in in your browser. This window continues by itself; it is given neither your password nor the code that comes back. | |
        | link      | http://server/sign-in?… | can: Open the link, Copy link |
        | paste     | Does the page show a code? Paste it here: | can: Use the code |
        | time left | 10 minutes left. | can: Cancel |
        | kept      | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |
      And the page with the form is open

    @inproc
    Scenario: In the browser, in the last second
      Given the app is open
      And Ada has pressed "sign in with the browser"
      When 599 seconds pass
      Then the page with the account shows, and nothing else:
        | state     | refapp - Signing in… · Account · Signing in… | |
        | heading   | Sign in with the browser | |
        | text      | Finish signing in in your browser. This window continues by itself; it is given neither your password nor the code that comes back. | |
        | link      | http://server/sign-in?… | can: Open the link, Copy link |
        | paste     | Does the page show a code? Paste it here: | can: Use the code |
        | time left | 1 second left. | can: Cancel |
        | kept      | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: In the browser, which can't be opened, in the last minutes
      Given the browser can't be opened, and says so only after 3 seconds
      And the app is open
      And Ada has pressed "sign in with the browser"
      When 511 seconds pass
      Then the page with the account shows, and nothing else:
        | state     | refapp - Signing in… · Account · Signing in… | |
        | heading   | Sign in with the browser | |
        | text      | Finish signing in in your browser. This window continues by itself; it is given neither your password nor the code that comes back. | |
        | link      | http://server/sign-in?… | can: Open the link, Copy link |
        | paste     | Does the page show a code? Paste it here: | can: Use the code |
        | error     | The browser could not be opened. Open the link yourself. | |
        | time left | 89 seconds left. | can: Cancel |
        | kept      | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: With a code
      Given a server whose sign-in codes are good for 92 seconds
      And the app is open
      And Ada has pressed "sign in with a code"
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state     | refapp - Signing in… · Account · Signing in… | |
        | heading   | Sign in with a code | |
        | text      | Open this address on any device that you trust, sign in there and enter the code. This window continues by itself. | |
        | code      | ABCD EFGH | can: Copy code |
        | copied    | ABCDEFGH | |
        | link      | http://server/device?… | can: Open the link, Copy link |
        | time left | 2 minutes left. | can: Cancel |
        | kept      | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: With a code that has groups of its own
      Given the app is open
      And the answer to the next "device codes" request is 200 json - {"device_code":"0123456789abcdef","user_code":"AB-CDEF","verification_uri":"https://auth.example.com/device","expires_in":90,"interval":5}
      And Ada has pressed "sign in with a code"
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state     | refapp - Signing in… · Account · Signing in… | |
        | heading   | Sign in with a code | |
        | text      | Open this address on any device that you trust, sign in there and enter the code. This window continues by itself. | |
        | code      | AB-CDEF | can: Copy code |
        | copied    | AB-CDEF | |
        | link      | https://auth.example.com/device | can: Open the link, Copy link |
        | time left | 90 seconds left. | can: Cancel |
        | kept      | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: With a code that the server has not handed out yet
      Given the app is open
      And the next "device codes" request is not answered yet
      And Ada has pressed "sign in with a code"
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state     | refapp - Signing in… · Account · Signing in… | |
        | heading   | Sign in with a code | |
        | text      | Asking the server… | |
        | time left | | can: Cancel |
        | kept      | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: Somebody else has signed in in the browser
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      And the app is open
      And Ada has pressed "sign in with the browser"
      And Bob has allowed it in the browser
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state     | refapp - Signing in… · AL · Ada Lovelace · Signing in… | |
        | heading   | Somebody else signed in | |
        | text      | bob@example.com (Bob Kahn) signed in in the browser; before it was ada@example.com (Ada Lovelace). Nothing has been stored or synced. If you did not do this yourself, cancel. | |
        | time left | | can: Go on as bob@example.com, Cancel |
        | reason    | 18:00 · The server ended the session: it expired, or you were signed out from elsewhere. | |
        | kept      | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: Somebody else has signed in with a code, after somebody whose name is gone
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      And the cached profile is gone
      And the app is open
      And Ada has pressed "sign in with a code"
      And Bob has allowed it in the browser
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state     | refapp - Signing in… · Account · Signing in… | |
        | heading   | Somebody else signed in | |
        | text      | bob@example.com (Bob Kahn) signed in with the code; before it was somebody else. Nothing has been stored or synced. If you did not do this yourself, cancel. | |
        | time left | | can: Go on as bob@example.com, Cancel |
        | reason    | 18:00 · The server ended the session: it expired, or you were signed out from elsewhere. | |
        | kept      | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The second factor
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state     | refapp - Signing in… · Account · Signing in… | |
        | heading   | Enter your code | |
        | text      | Your password is right. The server wants a code as well, so that a password alone lets nobody in. | |
        | code from | | can: From my authenticator app (U), A backup code (B) |
        | code      | | can: Ask for no code on this computer until I sign out, Go on |
        | time left | 10 minutes left. | can: Cancel |
        | kept      | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The second factor, where the server sends codes by e-mail
      Given a server that sends codes by e-mail
      And Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state     | refapp - Signing in… · Account · Signing in… | |
        | heading   | Enter your code | |
        | text      | Your password is right. The server wants a code as well, so that a password alone lets nobody in. | |
        | code from | | can: From my authenticator app (U), From an e-mail message (E), A backup code (B) |
        | code      | | can: Send a code by e-mail, Ask for no code on this computer until I sign out, Go on |
        | time left | 10 minutes left. | can: Cancel |
        | kept      | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The second factor, and a code is on its way
      Given a server that sends codes by e-mail
      And Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And Ada has pressed "send a code by e-mail"
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state     | refapp - Signing in… · Account · Signing in… | |
        | heading   | Enter your code | |
        | text      | A code is on its way to your e-mail address. Enter it here. | |
        | code from | | can: From my authenticator app (U), From an e-mail message (E), A backup code (B) |
        | code      | | can: Send another code, Ask for no code on this computer until I sign out, Go on |
        | time left | 10 minutes left. | can: Cancel |
        | kept      | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The second factor while the server looks at a code
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And the next "second factor" request is not answered yet
      And Ada has entered the code of the authenticator
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state     | refapp - Signing in… · Account · Signing in… | |
        | heading   | Enter your code | |
        | text      | Your password is right. The server wants a code as well, so that a password alone lets nobody in. | |
        | code from | | can't: From my authenticator app (U), A backup code (B) |
        | code      | | can't: Ask for no code on this computer until I sign out, Go on |
        | time left | Asking the server… | can: Cancel |
        | kept      | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The second factor after a wrong code
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And Ada has entered a wrong code
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state     | refapp - Signing in… · Account · Signing in… | |
        | heading   | Enter your code | |
        | text      | Your password is right. The server wants a code as well, so that a password alone lets nobody in. | |
        | code from | | can: From my authenticator app (U), A backup code (B) |
        | code      | | can: Ask for no code on this computer until I sign out, Go on |
        | error     | This code is not right, or its half minute is over. Enter the one that the app shows now. | |
        | time left | 10 minutes left. | can: Cancel |
        | kept      | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario Outline: The second factor after <what>
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      When Ada enters <what>
      Then it says "<sentence>"
      And nothing else happened

      Examples:
        | what                      | sentence                                     |
        | no code                   | Enter the code.                              |
        | a code of 129 characters  | This is not a code: it has 129 characters.   |

  @PG-3
  Rule: Where no session can be kept safely, the window says why, and what can be done about it

    @inproc
    Scenario: There is no keychain
      Given the keychain is not there
      And the app is open
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state         | refapp - No secure storage · Account · No secure storage | |
        | banner, error | No keychain service answers on this desktop. Install and start a keychain service (GNOME Keyring, KWallet or KeePassXC), then try again. | can: Try again (T) |
        | heading       | Sign in | |
        | ways          | | can: Sign in with the browser, Sign in with a code |
        | offer         | | can: Keep my session in memory alone (K) |
        | or            | Or type your password into this window. It goes to http://server: | |
        | form          | | can: Show password, Sign in, Forgot your password?, No account yet? |
        | kept          | Without a keychain the app can keep a session in memory alone: nothing of it is written, and you are signed out when the app is closed. | |
      And the page with the form is open

    @inproc
    Scenario: There is none that encrypts, and Ada was signed in
      Given Ada was signed in when the app was closed
      And the keychain does not encrypt
      And the app is open
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state         | refapp - No secure storage · AL · Ada Lovelace · No secure storage | |
        | banner, error | The keyring keyrings.alt.file.PlaintextKeyring is not known to encrypt. Remove that keyring setting, or give the keyring a password, then try again. | can: Try again (T) |
        | heading       | Sign in | |
        | ways          | | can: Sign in with the browser, Sign in with a code |
        | offer         | | can: Keep my session in memory alone (K) |
        | or            | Or type your password into this window. It goes to http://server: | |
        | form          | ada@example.com | can: Show password, Sign in, Forgot your password?, No account yet? |
        | profile       | AL · Ada Lovelace · ada@example.com | |
        | profile       | Signed in at: http://server · State: No secure storage · Kind of session: Not known yet · Version: x.y.z | can: Sign out |
        | kept          | Without a keychain the app can keep a session in memory alone: nothing of it is written, and you are signed out when the app is closed. | |

    @inproc
    Scenario: The keychain fails
      Given the keychain fails
      And the app is open
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state         | refapp - No secure storage · Account · No secure storage | |
        | banner, error | The keychain failed (RuntimeError). Try again; `refapp doctor` shows what the keychain says. | can: Try again (T) |
        | heading       | Sign in | |
        | ways          | | can: Sign in with the browser, Sign in with a code |
        | or            | Or type your password into this window. It goes to http://server: | |
        | form          | | can: Show password, Sign in, Forgot your password?, No account yet? |

    @inproc
    Scenario: The keychain is locked when somebody signs in
      Given the app is open
      And the keychain is locked
      And Ada's sign-in is under way
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state         | refapp - No secure storage · Account · No secure storage | |
        | banner, error | Your keychain is locked. Unlock your keychain, then try again. | can: Unlock (U) |
        | heading       | Sign in | |
        | ways          | | can: Sign in with the browser, Sign in with a code |
        | or            | Or type your password into this window. It goes to http://server: | |
        | form          | ada@example.com | can: Show password, Sign in, Forgot your password?, No account yet? |

    @inproc
    Scenario: The keychain is locked
      Given Ada was signed in when the app was closed
      And the keychain is locked
      And the app is open
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state         | refapp - No secure storage · AL · Ada Lovelace · No secure storage | |
        | banner, error | Your keychain is locked. Unlock your keychain, then try again. | can: Unlock (U) |
        | heading       | Sign in | |
        | ways          | | can: Sign in with the browser, Sign in with a code |
        | or            | Or type your password into this window. It goes to http://server: | |
        | form          | ada@example.com | can: Show password, Sign in, Forgot your password?, No account yet? |
        | profile       | AL · Ada Lovelace · ada@example.com | |
        | profile       | Signed in at: http://server · State: No secure storage · Kind of session: Not known yet · Version: x.y.z | can: Sign out |

    @inproc
    Scenario: The keychain asks Ada whether the app may have its key
      Given Ada was signed in when the app was closed
      And the keychain asks before it gives a key
      And the app is open
      When one second passes
      Then the page with the account shows, and nothing else:
        | state        | refapp - Restoring… · AL · Ada Lovelace · Restoring… | |
        | banner, info | Test Keychain asks you whether it may. | can: Cancel (C) |
        | profile      | AL · Ada Lovelace · ada@example.com | |
        | profile      | Signed in at: http://server · State: Restoring… · Kind of session: Not known yet · Version: x.y.z | can: Sign out |
        | busy         | Restoring your session… | |
        | kept         | Your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: An expired session of somebody else, when Bob has signed in
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      And the app is open
      And Bob has signed in
      When Bob looks at the window
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed in · BK · Bob Kahn · Signed in | |
        | list      | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor    | Write something. It is kept as you type. | |
        | saved     | New note | |
        | sync      | Sync: ready · Last synced at 18:00. | can: Sync now |
        | assistant | Assistant: ready · It can summarise the note that is open. | can: Summarise |

    @inproc
    Scenario: The last sync was at a moment that no calendar has, and the next one waits for its answer
      Given Ada was signed in when the app was closed
      And the sync state names a moment that no calendar has
      And the next "notes" request is not answered yet
      And the app is open
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | list      | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor    | Write something. It is kept as you type. | |
        | saved     | New note | |
        | sync      | Sync: ready · Not synced yet. | can't: Sync now |
        | assistant | Assistant: ready · It can summarise the note that is open. | can: Summarise |

    @inproc
    Scenario: The session is kept in memory alone
      Given the keychain is not there
      And the app is open
      And Ada has pressed "keep my session in memory alone"
      And Ada has signed in
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state        | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | banner, info | There is no keychain, so your session is kept in memory alone: nothing of it is written, and you are signed out when the app is closed. | |
        | profile      | AL · Ada Lovelace · ada@example.com | |
        | profile      | Signed in at: http://server · State: Signed in · Kind of session: Access token with a one-time refresh token · Version: x.y.z | can: Sign out |
        | sessions     | | can: Where am I signed in? (W) |
        | kept         | There is no keychain, so your session is kept in memory alone: nothing of it is written, and you are signed out when the app is closed. | |

    @inproc
    Scenario: The session is kept in memory alone, and the server can't be reached
      Given the keychain is not there
      And the app is open
      And Ada has pressed "keep my session in memory alone"
      And Ada has signed in
      And the server can't be reached
      And Ada has pressed "sync"
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state           | refapp - Offline · AL · Ada Lovelace · Offline | |
        | banner, warning | The server can't be reached: nothing answers at server. Check the server's address and its port, or wait until it runs again. You stay signed in; your notes are kept. Next try at 18:00:02. There is no keychain, so your session is kept in memory alone: nothing of it is written, and you are signed out when the app is closed. | can: Try again (T) |
        | list            | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor          | Write something. It is kept as you type. | |
        | saved           | New note | |
        | sync            | Sync: paused · Paused while the app is offline. Your notes are saved on this computer. | can't: Sync now |
        | assistant       | Assistant: paused · Paused while the app is offline. Your notes are saved on this computer. | can't: Summarise |

    @inproc
    Scenario: The token file was damaged
      Given Ada was signed in when the app was closed
      And the token file was damaged
      And the app is open
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state         | refapp - Signed out · AL · Ada Lovelace · Signed out | |
        | notice, error | The file of your stored session is damaged. Sign in again; the old file is then kept under another name. | can: Dismiss |
        | heading       | Sign in | |
        | ways          | | can: Sign in with the browser, Sign in with a code |
        | or            | Or type your password into this window. It goes to http://server: | |
        | form          | ada@example.com | can: Show password, Sign in, Forgot your password?, No account yet? |
        | reason        | 18:00 · The file of your stored session is damaged. | |
        | kept          | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The token file was written by a newer version
      Given Ada was signed in when the app was closed
      And the token file was written by a newer version
      And the app is open
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state         | refapp - No secure storage · AL · Ada Lovelace · No secure storage | |
        | banner, error | Your stored session was written by a newer version of this app. Start the newer version of the app, or move the file away and sign in again. | can: Try again (T) |
        | heading       | Sign in | |
        | ways          | | can: Sign in with the browser, Sign in with a code |
        | or            | Or type your password into this window. It goes to http://server: | |
        | form          | ada@example.com | can: Show password, Sign in, Forgot your password?, No account yet? |
        | profile       | AL · Ada Lovelace · ada@example.com | |
        | profile       | Signed in at: http://server · State: No secure storage · Kind of session: Not known yet · Version: x.y.z | can: Sign out |

  @PG-4
  Rule: Whoever is signed in sees who she is, and where she stands with the server

    Scenario: The account of somebody who is signed in
      Given Ada is signed in
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state    | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | profile  | AL · Ada Lovelace · ada@example.com | |
        | profile  | Signed in at: http://server · State: Signed in · Kind of session: Access token with a one-time refresh token · Version: x.y.z | can: Sign out |
        | sessions | | can: Where am I signed in? (W) |
        | kept     | Your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The account where the server has one token
      Given a server with sliding sessions
      And Ada is signed in
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state    | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | profile  | AL · Ada Lovelace · ada@example.com | |
        | profile  | Signed in at: http://server · State: Signed in · Kind of session: Not known yet · Version: x.y.z | can: Sign out |
        | sessions | | can: Where am I signed in? (W) |
        | kept     | Your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The account while the server is asked, for longer
      Given Ada was signed in when the app was closed
      And the next "refresh" request is not answered yet
      And the app is open
      When one second passes
      Then the page with the account shows, and nothing else:
        | state   | refapp - Restoring… · AL · Ada Lovelace · Restoring… | |
        | profile | AL · Ada Lovelace · ada@example.com | |
        | profile | Signed in at: http://server · State: Restoring… · Kind of session: Access token with a one-time refresh token · Version: x.y.z | can: Sign out |
        | busy    | Restoring your session… | |
        | kept    | Your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The account while the server is asked about somebody whose name is gone
      Given Ada was signed in when the app was closed
      And the cached profile is gone
      And the next "refresh" request is not answered yet
      And the app is open
      When one second passes
      Then the page with the account shows, and nothing else:
        | state   | refapp - Restoring… · Account · Restoring… | |
        | message | Restoring your session… | |
        | kept    | Your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The notes while the server is asked
      Given Ada was signed in when the app was closed
      And the next "refresh" request is not answered yet
      And the app is open
      When one second passes
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Restoring… · AL · Ada Lovelace · Restoring… | |
        | list      | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor    | Write something. It is kept as you type. | |
        | saved     | New note | |
        | sync      | Sync: paused · Waiting for the server. | can't: Sync now |
        | assistant | Assistant: paused · Waiting for the server. | can't: Summarise |
      And the page with the notes is open

    @inproc
    Scenario: The account of somebody with a long name, while the server can't be reached
      Given Ada was signed in when the app was closed
      And the cached name is "Augusta Ada King-Noel, Countess of Lovelace"
      And the server can't be reached
      And the app is open
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state           | refapp - Offline · AL · Augusta Ada King-Noel, Counte… · Offline | |
        | banner, warning | The server can't be reached: nothing answers at server. Check the server's address and its port, or wait until it runs again. You stay signed in; your notes are kept. Next try at 18:00:02. | can: Try again (T) |
        | profile         | AL · Augusta Ada King-Noel, Countess of Lovelace · ada@example.com | |
        | profile         | Signed in at: http://server · State: Offline. The server can't be reached: nothing answers at server. Check the server's address and its port, or wait until it runs again. You stay signed in. · Kind of session: Access token with a one-time refresh token · Version: x.y.z | can: Sign out |
        | sessions        | | can't: Where am I signed in? (W) |
        | kept            | Your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The account of somebody without a name
      Given Ada was signed in when the app was closed
      And the cached name is ""
      And the server can't be reached
      And the app is open
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state           | refapp - Offline · A · ada@example.com · Offline | |
        | banner, warning | The server can't be reached: nothing answers at server. Check the server's address and its port, or wait until it runs again. You stay signed in; your notes are kept. Next try at 18:00:02. | can: Try again (T) |
        | profile         | A · ada@example.com · ada@example.com | |
        | profile         | Signed in at: http://server · State: Offline. The server can't be reached: nothing answers at server. Check the server's address and its port, or wait until it runs again. You stay signed in. · Kind of session: Access token with a one-time refresh token · Version: x.y.z | can: Sign out |
        | sessions        | | can't: Where am I signed in? (W) |
        | kept            | Your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The notes while the server can't be reached
      Given Grace is signed in
      And the server can't be reached
      And Grace has pressed "sync"
      When Grace looks at the window
      Then the page with the notes shows, and nothing else:
        | state           | refapp - Offline · GH · Grace Hopper · Offline | |
        | banner, warning | The server can't be reached: nothing answers at server. Check the server's address and its port, or wait until it runs again. You stay signed in; your notes are kept. Next try at 18:00:02. | can: Try again (T) |
        | list            | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor          | Write something. It is kept as you type. | |
        | saved           | New note | |
        | sync            | Sync: paused · Paused while the app is offline. Your notes are saved on this computer. | can't: Sync now |
        | assistant       | Assistant: paused · Paused while the app is offline. Your notes are saved on this computer. | can't: Summarise |
      And the page with the notes is open

    Scenario: The notes of an expired session
      Given Ada is signed in
      And the server has ended Ada's session
      And Ada has pressed "sync"
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state           | refapp - Session expired · AL · Ada Lovelace · Session expired | |
        | banner, warning | Session expired. Sign in again to restore cloud features. | can: Sign in (G) |
        | list            | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor          | Write something. It is kept as you type. | |
        | saved           | New note | |
        | sync            | Sync: paused · Paused until you sign in again. Your notes are saved on this computer. | can't: Sync now |
        | assistant       | Assistant: paused · Paused until you sign in again. Your notes are saved on this computer. | can't: Summarise |

    @inproc
    Scenario: The account of an expired session, a month to the day after the one before
      Given Ada is signed in
      And the server has ended Ada's session
      And Ada has pressed "sync"
      And Ada has signed in
      And the window was closed
      And 31 days have passed
      And the server has ended Ada's session
      And the app is open
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state           | refapp - Session expired · AL · Ada Lovelace · Session expired | |
        | banner, warning | Session expired. Sign in again to restore cloud features. | can: Sign in (G) |
        | heading         | Sign in again | |
        | ways            | | can: Sign in with the browser, Sign in with a code |
        | or              | Or type your password into this window. It goes to http://server: | |
        | form            | ada@example.com | can: Show password, Sign in, Forgot your password?, No account yet? |
        | reason          | 18:00 · The server ended the session: it expired, or you were signed out from elsewhere. | |
        | reason          | 2030-03-17 18:00 · The server ended the session: it expired, or you were signed out from elsewhere. | |
        | profile         | AL · Ada Lovelace · ada@example.com | |
        | profile         | Signed in at: http://server · State: Session expired · Kind of session: Access token with a one-time refresh token · Version: x.y.z | can: Sign out |
        | kept            | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: More of Ada's sessions have ended than are kept, and the newest one is
      Given Ada is signed in
      And 20 of her sessions have ended before
      And the server has ended Ada's session
      When Ada presses "sync"
      Then it says "The server ended the session"
      And the reason that is kept says "The server ended the session"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | notes, refresh                                                |
        | keychain | delete key                                                    |
        | disk     | write journal, delete journal, write history, delete tokens   |
        | notice   | Session expired. Sign in again to restore cloud features.     |

    @inproc
    Scenario: What is kept of earlier ones names a moment that no calendar has, and is begun anew
      Given Ada is signed in
      And 2 of her sessions have ended before
      And the history names a moment that no calendar has
      And the server has ended Ada's session
      When Ada presses "sync"
      Then it says "The server ended the session"
      And these reasons are kept, and no other:
        | The server ended the session: it expired, or you were signed out from elsewhere. |
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | notes, refresh                                                |
        | keychain | delete key                                                    |
        | disk     | write journal, delete journal, write history, delete tokens   |
        | notice   | Session expired. Sign in again to restore cloud features.     |

    @desktop
    Scenario: More of Ada's sessions have ended than there is room for, and the page has the newest five
      Given Ada is signed in
      And 6 of her sessions have ended before
      And the server has ended Ada's session
      And Ada has pressed "sync"
      When Ada presses the keys "Alt+A"
      Then the window looks like this:
        | reasons | says "The server ended the session"; says "Session 6 has ended."; says "Session 3 has ended."; without "Session 2 has ended." |
      And no token is stored
      And nothing else happened

  @PG-5
  Rule: The list of sessions says which is this one, and offers to end only others

    @inproc
    Scenario: Ada is signed in elsewhere too, and the server has seen one of her sessions since it began
      Given a server with sliding sessions of an hour
      And Ada is signed in with Safari on an iPhone too
      And Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And 15 minutes have passed
      And Ada has been at work with Firefox on Windows
      And Ada has pressed "where am I signed in"
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state    | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | profile  | AL · Ada Lovelace · ada@example.com | |
        | profile  | Signed in at: http://server · State: Signed in · Kind of session: Not known yet · Version: x.y.z | can: Sign out |
        | session  | this app · This session | |
        | session  | Firefox on Windows · Since 18:00, seen 18:15 | can be signed out |
        | session  | Safari on an iPhone · Since 18:00 | can be signed out |
        | sessions | | can: Sign out all others, Sign out everywhere |
        | sessions | | can: Where am I signed in now? (W) |
        | kept     | Your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: Ada is signed in only here
      Given Ada is signed in
      And Ada has pressed "where am I signed in"
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state    | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | profile  | AL · Ada Lovelace · ada@example.com | |
        | profile  | Signed in at: http://server · State: Signed in · Kind of session: Access token with a one-time refresh token · Version: x.y.z | can: Sign out |
        | session  | this app · This session | |
        | sessions | You are signed in only here. | |
        | sessions | | can: Where am I signed in now? (W) |
        | kept     | Your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: Ada has ended the other session
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And Ada has pressed "where am I signed in"
      And Ada has pressed "sign out all others"
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state    | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | profile  | AL · Ada Lovelace · ada@example.com | |
        | profile  | Signed in at: http://server · State: Signed in · Kind of session: Access token with a one-time refresh token · Version: x.y.z | can: Sign out |
        | session  | this app · This session | |
        | sessions | Signed out everywhere else. You are signed in only here. | |
        | sessions | | can: Where am I signed in now? (W) |
        | kept     | Your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The server is being asked, for a moment
      Given Ada is signed in
      And the next "list of sessions" request is not answered yet
      And Ada has pressed "where am I signed in"
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state    | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | profile  | AL · Ada Lovelace · ada@example.com | |
        | profile  | Signed in at: http://server · State: Signed in · Kind of session: Access token with a one-time refresh token · Version: x.y.z | can: Sign out |
        | sessions | | can't: Where am I signed in now? (W) |
        | kept     | Your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The server is being asked, for longer
      Given Ada is signed in
      And the next "list of sessions" request is not answered yet
      And Ada has pressed "where am I signed in"
      When one second passes
      Then the page with the account shows, and nothing else:
        | state    | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | profile  | AL · Ada Lovelace · ada@example.com | |
        | profile  | Signed in at: http://server · State: Signed in · Kind of session: Access token with a one-time refresh token · Version: x.y.z | can: Sign out |
        | sessions | Asking the server… | can't: Where am I signed in now? (W) |
        | kept     | Your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    Scenario: The server does not say
      Given Ada is signed in
      And the next "list of sessions" request fails
      And Ada has pressed "where am I signed in"
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state           | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | profile         | AL · Ada Lovelace · ada@example.com | |
        | profile         | Signed in at: http://server · State: Signed in · Kind of session: Access token with a one-time refresh token · Version: x.y.z | can: Sign out |
        | sessions, wrong | The server has a problem (error 503). You stay signed in. | |
        | sessions        | | can: Where am I signed in now? (W) |
        | kept            | Your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The server wants a newer sign-in for that
      Given a server that wants a sign-in of the last hour for the list
      And Ada is signed in
      And 2 hours have passed
      And Ada has pressed "where am I signed in"
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state    | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | profile  | AL · Ada Lovelace · ada@example.com | |
        | profile  | Signed in at: http://server · State: Signed in · Kind of session: Not known yet · Version: x.y.z | can: Sign out |
        | sessions | The server shows this list only shortly after you sign in. Sign out and sign in again to see it. | |
        | sessions | | can: Sign out all others, Sign out everywhere |
        | sessions | | can: Sign out and sign in again (G) |
        | kept     | Your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: The list is known, and the server can't be reached any more
      Given Ada is signed in with Firefox on Windows too
      And Ada is signed in
      And Ada has pressed "where am I signed in"
      And the server can't be reached
      And Ada has pressed "sync"
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state           | refapp - Offline · AL · Ada Lovelace · Offline | |
        | banner, warning | The server can't be reached: nothing answers at server. Check the server's address and its port, or wait until it runs again. You stay signed in; your notes are kept. Next try at 18:00:02. | can: Try again (T) |
        | profile         | AL · Ada Lovelace · ada@example.com | |
        | profile         | Signed in at: http://server · State: Offline. The server can't be reached: nothing answers at server. Check the server's address and its port, or wait until it runs again. You stay signed in. · Kind of session: Access token with a one-time refresh token · Version: x.y.z | can: Sign out |
        | sessions        | | can't: Where am I signed in? (W) |
        | kept            | Your session is encrypted on this computer. Its key is kept by Test Keychain. | |

  @PG-6
  Rule: The notes say what is kept of them, and where more would go

    @inproc
    Scenario: No notes, and nobody signed in
      Given the app is open
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed out · Account · Signed out | |
        | list      | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor    | Write something. It is kept as you type. | |
        | saved     | New note | |
        | sync      | Sync: off · Sign in to use it. | can't: Sync now |
        | assistant | Assistant: off · Sign in to use it. | can't: Summarise |

    @inproc
    Scenario: Notes of today, of this year and of years ago, and one without words
      Given the app is open
      And Ada wrote the note "Engines weave."
      And the window was closed
      And 60 weeks have passed
      And the app is open
      And Ada wrote the note "Numbers follow."
      And the window was closed
      And a day has passed
      And the app is open
      And Ada wrote the note " "
      And 2 minutes have passed
      And Ada wrote the note "Dear diary"
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed out · Account · Signed out | |
        | list      | | can: New note |
        | note      | Dear diary · 18:02 | |
        | note      | New note · 18:00 | |
        | note      | Numbers follow. · 11 May | |
        | note      | Engines weave. · 2030 | |
        | editor    | Write something. It is kept as you type. | |
        | saved     | New note | |
        | sync      | Sync: off · Sign in to use it. | can't: Sync now |
        | assistant | Assistant: off · Sign in to use it. | can't: Summarise |

    @inproc
    Scenario: What is typed is not saved yet
      Given the app is open
      And Ada types "Engines weave."
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed out · Account · Signed out | |
        | list      | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor    | Engines weave. | |
        | saved     | Saving… | |
        | sync      | Sync: off · Sign in to use it. | can't: Sync now |
        | assistant | Assistant: off · Sign in to use it. | can't: Summarise |

    @inproc
    Scenario: What was typed is saved
      Given the app is open
      And Ada types "Engines weave."
      And one second has passed
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed out · Account · Signed out | |
        | list      | | can: New note |
        | note      | Engines weave. · 18:00 | |
        | editor    | Engines weave. | |
        | saved     | Saved on this computer | can: Delete |
        | sync      | Sync: off · Sign in to use it. | can't: Sync now |
        | assistant | Assistant: off · Sign in to use it. | can't: Summarise |

    @inproc
    Scenario: What was typed can't be saved
      Given the app is open
      And the disk is full
      And Ada types "Engines weave."
      And one second has passed
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed out · Account · Signed out | |
        | list      | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor    | Engines weave. | |
        | saved     | Not saved: The file of your notes could not be written. | |
        | sync      | Sync: off · Sign in to use it. | can't: Sync now |
        | assistant | Assistant: off · Sign in to use it. | can't: Summarise |

    @inproc
    Scenario: A note that was left can't be saved, and Ada goes on with another
      Given the app is open
      And the disk is full
      And Ada types "Engines weave.", and "Numbers" into another note at once
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed out · Account · Signed out | |
        | list      | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor    | Numbers | |
        | saved     | Not saved: The file of your notes could not be written. A note that you left: Not saved: The file of your notes could not be written. | |
        | sync      | Sync: off · Sign in to use it. | can't: Sync now |
        | assistant | Assistant: off · Sign in to use it. | can't: Summarise |

    @inproc
    Scenario: A note is deleted, and can be had back
      Given the app is open
      And Ada types "Engines weave."
      And one second has passed
      And Ada has pressed "delete"
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed out · Account · Signed out | |
        | list      | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor    | Write something. It is kept as you type. | |
        | saved     | Note deleted. | can: Undo delete |
        | sync      | Sync: off · Sign in to use it. | can't: Sync now |
        | assistant | Assistant: off · Sign in to use it. | can't: Summarise |

    @inproc
    Scenario: A note can't be deleted
      Given the app is open
      And Ada types "Engines weave."
      And one second has passed
      And the disk is read-only
      And Ada has pressed "delete"
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed out · Account · Signed out | |
        | list      | | can: New note |
        | note      | Engines weave. · 18:00 | |
        | editor    | Engines weave. | |
        | saved     | Not deleted: The file of your notes could not be deleted. | can: Delete |
        | sync      | Sync: off · Sign in to use it. | can't: Sync now |
        | assistant | Assistant: off · Sign in to use it. | can't: Summarise |

    @inproc
    Scenario: A note that was begun before the sign-in is open, and Ada wants it summarised
      Given the app is open
      And Ada types "Engines weave."
      And one second has passed
      And Ada has signed in
      When Ada presses "summarise"
      Then the page with the notes shows, and nothing else:
        | state       | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | notes apart | 1 note that was written on this computer outside this account: add to yours? Nothing is lost either way, and both can be undone. | can: Add to my notes (O), Keep apart (K) |
        | list        | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor      | Engines weave. | |
        | summary     | This note was begun before you signed in, so the assistant can't read it. | can: Hide |
        | saved       | Saved on this computer, as it was begun: signed out | |
        | sync        | Sync: ready · Last synced at 18:00. | can: Sync now |
        | assistant   | Assistant: ready · It can summarise the note that is open. | can: Summarise |

    @inproc
    Scenario: A note that was begun before the sign-in goes on
      Given the app is open
      And Ada types "Engines weave"
      And one second has passed
      And Ada has signed in
      And Ada types " algebraical patterns."
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state       | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | notes apart | 1 note that was written on this computer outside this account: add to yours? Nothing is lost either way, and both can be undone. | can: Add to my notes (O), Keep apart (K) |
        | list        | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor      | Engines weave algebraical patterns. | |
        | saved       | Saving… | |
        | sync        | Sync: ready · Last synced at 18:00. | can: Sync now |
        | assistant   | Assistant: ready · It can summarise the note that is open. | can: Summarise |

    @inproc
    Scenario: There is no room for another note
      Given the server keeps 1 note of a person
      And Ada is signed in
      And Ada wrote the note "Engines weave."
      And Ada has pressed "sync"
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | list      | | can: New note |
        | note      | Engines weave. · 18:00 | |
        | editor    | The server has no room for another note. What you write is kept on this computer alone. | |
        | saved     | New note | |
        | sync      | Sync: ready · Last synced at 18:00. | can: Sync now |
        | assistant | Assistant: ready · It can summarise the note that is open. | can: Summarise |

    @inproc
    Scenario: Two notes are not this account's, and Ada is asked
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada wrote the note "Numbers follow."
      And Ada has signed in
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state       | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | notes apart | 2 notes that were written on this computer outside this account: add to yours? Nothing is lost either way, and both can be undone. | can: Add to my notes (O), Keep apart (K) |
        | list        | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor      | Write something. It is kept as you type. | |
        | saved       | New note | |
        | sync        | Sync: ready · Last synced at 18:00. | can: Sync now |
        | assistant   | Assistant: ready · It can summarise the note that is open. | can: Summarise |

    @inproc
    Scenario: One has joined hers
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada has signed in
      And Ada has pressed "add to my notes"
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state       | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | notes apart | Among your notes now: 1 note that was written on this computer outside this account. | can: Undo (O), Hide (H) |
        | list        | | can: New note |
        | note        | Engines weave. · 18:00 | |
        | editor      | Write something. It is kept as you type. | |
        | saved       | New note | |
        | sync        | Sync: ready · Last synced at 18:00. | can: Sync now |
        | assistant   | Assistant: ready · It can summarise the note that is open. | can: Summarise |

    @inproc
    Scenario: One stays apart
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada has signed in
      And Ada has pressed "keep apart"
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state       | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | notes apart | Apart from your notes: 1 note that was written on this computer outside this account. Sign out to see what was written signed out. | can: Undo (O), Hide (H) |
        | list        | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor      | Write something. It is kept as you type. | |
        | saved       | New note | |
        | sync        | Sync: ready · Last synced at 18:00. | can: Sync now |
        | assistant   | Assistant: ready · It can summarise the note that is open. | can: Summarise |

    @inproc
    Scenario: One stays apart, at the next start
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada has signed in
      And Ada has pressed "keep apart"
      And the window was closed
      And the app is open
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | list      | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor    | Write something. It is kept as you type. | |
        | saved     | New note | |
        | sync      | Sync: ready · Last synced at 18:00. | can: Sync now |
        | assistant | Assistant: ready · It can summarise the note that is open. | can: Summarise |

  @PG-7
  Rule: Sync and the assistant say what they do, and can be asked only while they can do it

    @inproc
    Scenario: Sync is at work, for a moment
      Given Ada is signed in
      And the next "notes" request is not answered yet
      And Ada has pressed "sync"
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | list      | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor    | Write something. It is kept as you type. | |
        | saved     | New note | |
        | sync      | Sync: ready · Last synced at 18:00. | can't: Sync now |
        | assistant | Assistant: ready · It can summarise the note that is open. | can: Summarise |

    @inproc
    Scenario: Sync is at work for the first time, for a moment
      Given the app is open
      And the next "notes" request is not answered yet
      And Ada has signed in
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | list      | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor    | Write something. It is kept as you type. | |
        | saved     | New note | |
        | sync      | Sync: ready · Not synced yet. | can't: Sync now |
        | assistant | Assistant: ready · It can summarise the note that is open. | can: Summarise |

    @inproc
    Scenario: Sync is at work, for longer
      Given Ada is signed in
      And the next "notes" request is not answered yet
      And Ada has pressed "sync"
      When one second passes
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | list      | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor    | Write something. It is kept as you type. | |
        | saved     | New note | |
        | sync      | Sync: working… | can't: Sync now |
        | assistant | Assistant: ready · It can summarise the note that is open. | can: Summarise |

    @inproc
    Scenario: Sync has failed
      Given Ada is signed in
      And the next "notes" request fails
      And Ada has pressed "sync"
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | list      | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor    | Write something. It is kept as you type. | |
        | saved     | New note | |
        | sync      | Sync: failed · The server has a problem (error 503). You stay signed in. | can: Sync now |
        | assistant | Assistant: ready · It can summarise the note that is open. | can: Summarise |

    @inproc
    Scenario: The server lets nobody sync
      Given Ada is signed in
      And the next "notes" request is forbidden
      And Ada has pressed "sync"
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | list      | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor    | Write something. It is kept as you type. | |
        | saved     | New note | |
        | sync      | Sync: failed · The server did not take the notes (error 403). They are kept here. | can: Sync now |
        | assistant | Assistant: ready · It can summarise the note that is open. | can: Summarise |

    @inproc
    Scenario: The last sync was yesterday
      Given Ada was signed in when the app was closed
      And a day has passed
      And the next "notes" request is not answered yet
      And the app is open
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | list      | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor    | Write something. It is kept as you type. | |
        | saved     | New note | |
        | sync      | Sync: ready · Last synced at 2030-03-17 18:00. | can't: Sync now |
        | assistant | Assistant: ready · It can summarise the note that is open. | can: Summarise |

    @desktop
    Scenario: Ada goes on with a note of yesterday, and it has the time of today in the list
      Given 2 notes were written on the computer yesterday
      And the app is open
      And Ada has pressed the keys "Alt+N, Shift+Tab, Down, Enter, Ctrl+End"
      When Ada presses the keys "Enter, 'Engines weave.'"
      Then the window looks like this:
        | first row  | says "Note 1."; says ":"; chosen |
        | second row | without ":"                      |
      And this happened, and nothing else:
        | disk | write note, write note |

    @inproc
    Scenario: The note was written a month ago, to the day
      Given the app is open
      And Ada wrote the note "Engines weave."
      And the computer has slept for 31 days
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed out · Account · Signed out | |
        | list      | | can: New note |
        | note      | Engines weave. · 17 Mar | |
        | editor    | Write something. It is kept as you type. | |
        | saved     | New note | |
        | sync      | Sync: off · Sign in to use it. | can't: Sync now |
        | assistant | Assistant: off · Sign in to use it. | can't: Summarise |

    @inproc
    Scenario: The assistant reads
      Given Ada is signed in
      And Ada wrote the note "Engines weave. Numbers follow."
      And the next "summary" request is not answered yet
      And Ada has pressed "summarise"
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | list      | | can: New note |
        | note      | Engines weave. Numbers follow. · 18:00 | |
        | editor    | Write something. It is kept as you type. | |
        | summary   | Reading the note… | can: Hide |
        | saved     | New note | |
        | sync      | Sync: ready · Last synced at 18:00. | can: Sync now |
        | assistant | Assistant: ready · It can summarise the note that is open. | can: Summarise |

    @inproc
    Scenario: There is no note that the assistant could read
      Given Ada is signed in
      When Ada presses "summarise"
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | list      | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor    | Write something. It is kept as you type. | |
        | summary   | There is no note yet to summarise. | can: Hide |
        | saved     | New note | |
        | sync      | Sync: ready · Last synced at 18:00. | can: Sync now |
        | assistant | Assistant: ready · It can summarise the note that is open. | can: Summarise |

    @inproc
    Scenario: The assistant has failed
      Given Ada is signed in
      And Ada wrote the note "Engines weave. Numbers follow."
      And the next "summary" request fails
      And Ada has pressed "summarise"
      When Ada looks at the window
      Then the page with the notes shows, and nothing else:
        | state     | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | list      | | can: New note |
        | note      | Engines weave. Numbers follow. · 18:00 | |
        | editor    | Write something. It is kept as you type. | |
        | summary   | No summary: The server has a problem (error 503). You stay signed in. | can: Hide |
        | saved     | New note | |
        | sync      | Sync: ready · Last synced at 18:00. | can: Sync now |
        | assistant | Assistant: ready · It can summarise the note that is open. | can: Summarise |

  @PG-8
  Rule: What is to be read once goes away when it was read, and is not said beside what says it too

    @inproc
    Scenario: The window crashed, and was started again
      Given the app is open
      When the window crashes
      Then the page with the account shows, and nothing else:
        | state           | refapp - Signed out · Account · Signed out | |
        | notice, warning | The window ended unexpectedly and was started again. Nothing that was stored is lost. | can: Dismiss |
        | heading         | Sign in | |
        | ways            | | can: Sign in with the browser, Sign in with a code |
        | or              | Or type your password into this window. It goes to http://server: | |
        | form            | | can: Show password, Sign in, Forgot your password?, No account yet? |
        | kept            | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |
      And this happened, and nothing else:
        | notice | The window ended unexpectedly and was started again. Nothing that was stored is lost. |

    @inproc
    Scenario: The window crashed while the server can't be reached
      Given Grace is signed in
      And the server can't be reached
      And Grace has pressed "sync"
      When the window crashes
      Then the page with the notes shows, and nothing else:
        | state           | refapp - Offline · GH · Grace Hopper · Offline | |
        | banner, warning | The server can't be reached: nothing answers at server. Check the server's address and its port, or wait until it runs again. You stay signed in; your notes are kept. Next try at 18:00:02. | can: Try again (T) |
        | notice, warning | The window ended unexpectedly and was started again. Nothing that was stored is lost. | can: Dismiss |
        | list            | No notes yet. What you write is kept on this computer, with or without an account. | can: New note |
        | editor          | Write something. It is kept as you type. | |
        | saved           | New note | |
        | sync            | Sync: paused · Paused while the app is offline. Your notes are saved on this computer. | can't: Sync now |
        | assistant       | Assistant: paused · Paused while the app is offline. Your notes are saved on this computer. | can't: Summarise |
      And this happened, and nothing else:
        | notice | The window ended unexpectedly and was started again. Nothing that was stored is lost. |

    @inproc
    Scenario: A request that came too often
      Given a server that sends codes by e-mail
      And Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And Ada has pressed "send a code by e-mail" 6 times
      When Ada looks at the window
      Then the page with the account shows, and nothing else:
        | state           | refapp - Signing in… · Account · Signing in… | |
        | notice, warning | Codes were sent too often within a minute. None was sent this time. Wait a minute, then try again. | can: Dismiss |
        | heading         | Enter your code | |
        | text            | A code is on its way to your e-mail address. Enter it here. | |
        | code from       | | can: From my authenticator app (U), From an e-mail message (E), A backup code (B) |
        | code            | | can: Send another code, Ask for no code on this computer until I sign out, Go on |
        | time left       | 10 minutes left. | can: Cancel |
        | kept            | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @inproc
    Scenario: A code that is none was pasted
      Given the app is open
      And Ada has pressed "sign in with the browser"
      When Ada pastes a text of 3,000 characters
      Then the page with the account shows, and nothing else:
        | state           | refapp - Signing in… · Account · Signing in… | |
        | notice, warning | This is not a code: it has 3,000 characters. Copy the code once more. | can: Dismiss |
        | heading         | Sign in with the browser | |
        | text            | Finish signing in in your browser. This window continues by itself; it is given neither your password nor the code that comes back. | |
        | link            | http://server/sign-in?… | can: Open the link, Copy link |
        | paste           | Does the page show a code? Paste it here: | can: Use the code |
        | time left       | 10 minutes left. | can: Cancel |
        | kept            | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

  @PG-9
  Rule: What holds the window is said as it is: seen by the app, said by the window, or not there

    @inproc
    Scenario: A window that is confined
      Given Ada is signed in
      When Ada looks at the window
      Then the page with the inspector shows, and nothing else:
        | state   | refapp - Signed in · AL · Ada Lovelace · Signed in | |
        | verdict | The app has looked in the kernel itself: this window is confined as marked. Where it has only the window's word, that is said. | |
        | check   | No window process · ✓ enforced | |
        | check   | No files · says the window | |
        | check   | No display · ✗ NOT enforced | |
        | kept    | Your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @desktop
    Scenario: What goes over the channel is listed while Ada looks at it, the newest last
      Given the app is open
      And Ada has pressed the keys "Alt+I"
      When Ada presses the keys "Ctrl++, Down 80 times"
      Then the window looks like this:
        | messages | in order; says "↑ to the app \| remember_window \| "; says "↓ to the window \| remember_window: answered \| 36"; its end in view |
      And this happened, and nothing else:
        | disk | write window settings |

    @inproc
    Scenario: A window that is not
      When Ada opens the app with its sandbox switched off
      Then the page with the inspector shows, and nothing else:
        | state       | refapp - Signed out · Account · Signed out | |
        | unsandboxed | This window is not sandboxed: a fault in it could reach your files and your network. | |
        | verdict     | The app has NOT verified that this window is confined. | |
        | check       | No window process · says the window | |
        | check       | No files · says the window | |
        | check       | No display · ✗ NOT enforced | |
        | kept        | Once you sign in, your session is encrypted on this computer. Its key is kept by Test Keychain. | |

    @desktop
    Scenario: Nor does such a window claim to be confined
      Given Ada has opened the app with its sandbox switched off
      When Ada presses the keys "Alt+I"
      Then the window looks like this:
        | verdict | "The app has NOT verified that this window is confined."                  |
        | checks  | says "Sandbox \| ✗ NOT enforced \| Switched off on the command line." |
      And nothing else happened
