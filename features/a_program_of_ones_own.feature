@inproc
Feature: A program of one's own

  Whoever writes a desktop program needs somebody signed in before it does anything of use, and
  hardly anybody writes that part for its own sake. So the session of this app can be lifted out of
  it and used by another program, which has a window of its own, or none. Its author then sees none
  of what the other features say, and relies on all of it: he asks, and is answered, told or refused
  in few words. What he may rely on stands here, with what became of the tokens of the person who
  uses his program.

  @LI-1
  Rule: A program that has opened the session knows how it stands, and what it kept is still there

    Scenario: The next morning
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program has closed the session
      When Alan's program opens the session
      Then Alan's program is answered "Ada signed in"
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server   | refresh, session check                      |
        | keychain | read key                                    |
        | disk     | write journal, write tokens, delete journal |

    Scenario: Nobody has signed in yet
      When Alan's program opens the session
      Then Alan's program sees nobody signed in
      And no token is stored
      And nothing else happened

    Scenario: There is no network, which is not the end of the session
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program has closed the session
      And the server can't be reached
      When Alan's program opens the session
      Then Alan's program sees Ada offline, since "The server can't be reached: nothing answers at 127.0.0.1:7001. Check the server's address and its port, or wait until it runs again. You stay signed in."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh                       |
        | keychain | read key                      |
        | disk     | write journal, delete journal |

    Scenario: The network is back, and what the program called in vain has not put off the next try
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Ada's access token has run out
      And the server can't be reached
      And Alan's program has called its API
      And Alan's program has called its API
      And Alan's program has called its API
      And Alan's program has called its API
      And the server can be reached again
      When 3 seconds pass
      Then Alan's program sees Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | refresh, session check                      |
        | disk   | write journal, write tokens, delete journal |

    Scenario: The program asks again, and waits until the server has answered
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program has closed the session
      And the server can't be reached
      And Alan's program has opened the session
      And the server can be reached again
      And the next "refresh" request is not answered yet
      And Alan's program has tried again
      When the server answers
      Then Alan's program is answered "Ada signed in"
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | session check                |
        | disk   | write tokens, delete journal |

    Scenario: The server has ended her session overnight
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program has closed the session
      And the server has ended Ada's session
      When Alan's program opens the session
      Then Alan's program sees Ada with an expired session, since "The server ended the session: it expired, or you were signed out from elsewhere."
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | refresh                                                     |
        | keychain | read key, delete key                                        |
        | disk     | write journal, delete journal, write history, delete tokens |

    Scenario Outline: Her token file <is spoiled>
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program has closed the session
      And the token file <is spoiled>
      When Alan's program opens the session
      Then Alan's program sees nobody signed in, since "<sentence>", and what to do: "Sign in again; the old file is then kept under another name."
      And the stored tokens are kept
      And this happened, and nothing else:
        | disk | write history |

      Examples:
        | is spoiled           | sentence                                                   |
        | was damaged          | The file of your stored session is damaged.                |
        | names another server | The file of your stored session belongs to another server. |

    Scenario: Her keychain is locked in the morning
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program has closed the session
      And the keychain is locked
      When Alan's program opens the session
      Then Alan's program sees that signing in is not possible, since "Your keychain is locked.", and what to do: "Unlock your keychain, then try again."
      And Ada's tokens are kept
      And nothing else happened

    Scenario: The keychain is locked, and is looked at again once she has unlocked it
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program has closed the session
      And the keychain is locked
      And Alan's program has opened the session
      And the keychain works again
      When Alan's program tries again
      Then Alan's program is answered "Ada signed in"
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server   | refresh, session check                      |
        | keychain | read key                                    |
        | disk     | write journal, write tokens, delete journal |

  @LI-2
  Rule: A sign-in brings the person, or one kind of error with the sentence that she is to read

    Scenario: With her password
      Given Alan's program has opened the session
      When Alan's program signs Ada in
      Then Alan's program is answered "ada@example.com"
      And Alan's program sees Ada signed in
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | sign-in, session check      |
        | keychain | write key                   |
        | disk     | write tokens, write profile |

    Scenario: With a wrong password
      Given Alan's program has opened the session
      When Alan's program signs Ada in with the password "difference engine"
      Then Alan's program is refused with SignInFailed: "Invalid email or password"
      And Alan's program sees nobody signed in, since "Invalid email or password"
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

    Scenario: Without a network
      Given Alan's program has opened the session
      And the server can't be reached
      When Alan's program signs Ada in
      Then Alan's program is refused with SignInFailed: "The server can't be reached: nothing answers at 127.0.0.1:7001. Check the server's address and its port, or wait until it runs again. Your password was not sent."
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

    Scenario: The server wants a second factor, for which the program asks nobody
      Given Ada's account has a second factor
      And Alan's program has opened the session
      When Alan's program signs Ada in
      Then Alan's program is refused with SignInFailed: "The server wants a second factor, and this program does not ask for one.", and is told what to do: "Sign in with the browser."
      And Alan's program sees nobody signed in
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

    Scenario: The program asks her for the code of her second factor
      Given Ada's account has a second factor
      And Alan's program has opened the session
      And Alan's program has signed Ada in, and can ask her for a code
      When Ada enters the code of the authenticator
      Then Alan's program is answered "ada@example.com"
      And Alan's program was to ask for a code 1 time
      And Ada's tokens are stored
      And the token file is JSON that names its server, its cipher and its key, and seals the rest
      And this happened, and nothing else:
        | server   | second factor, session check |
        | keychain | write key                    |
        | disk     | write tokens, write profile  |

    Scenario: She enters a wrong one, and is asked again
      Given Ada's account has a second factor
      And Alan's program has opened the session
      And Alan's program has signed Ada in, and can ask her for a code
      When Ada enters a wrong code
      Then Alan's program sees that a sign-in is under way
      And Alan's program was to ask for a code 2 times, at last with "This code is not right, or its half minute is over. Enter the one that the app shows now."
      And no token is stored
      And this happened, and nothing else:
        | server | second factor |

    Scenario: She wants the code by e-mail
      Given a server that sends codes by e-mail
      And Ada's account has a second factor
      And Alan's program has opened the session
      And Alan's program has signed Ada in, and can ask her for a code
      When Alan's program asks for a code by e-mail
      Then Alan's program sees that a sign-in is under way
      And Alan's program was to ask for a code 2 times
      And no token is stored
      And this happened, and nothing else:
        | server | code by e-mail |

    Scenario: She enters the one from the message, and trusts this computer
      Given a server that sends codes by e-mail
      And Ada's account has a second factor
      And Alan's program has opened the session
      And Alan's program has signed Ada in, and can ask her for a code
      And Alan's program has asked for a code by e-mail
      When Ada enters the code that was sent, and trusts this computer
      Then Alan's program is answered "ada@example.com"
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | second factor, session check |
        | keychain | write key                    |
        | disk     | write tokens, write profile  |

    Scenario: Her sign-out is under way
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      When Alan's program signs Ada in while her sign-out is under way
      Then Alan's program is refused with SignInFailed: "A sign-out is under way."
      And Alan's program sees nobody signed in
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out                      |
        | keychain | delete key                    |
        | disk     | delete tokens, delete profile |

    Scenario: She is signed in already
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      When Alan's program signs Ada in
      Then Alan's program is refused with SignInFailed: "Somebody is signed in already."
      And Alan's program sees Ada signed in
      And Ada's tokens are kept
      And nothing else happened

    Scenario: The program's server is asked below another path than others are
      Given Alan's program gives the path /sso, where its server is
      And Alan's program has opened the session
      When Alan's program signs Ada in
      Then Alan's program is answered "ada@example.com"
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | sign-in, session check      |
        | keychain | write key                   |
        | disk     | write tokens, write profile |

    Scenario: The page to sign in at is another there, too
      Given Alan's program gives the page /welcome to sign in at
      And Alan's program has opened the session
      When Alan's program signs Ada in with the browser
      Then the link begins with "http://127.0.0.1:7001/welcome?client_id="
      And no token is stored
      And this happened, and nothing else:
        | server  | browser flow check |
        | browser | open the link      |

  @LI-3
  Rule: A link is to be shown once for all that can be said of it, and whoever waits learns the end

    Scenario: Ada enters the code on another device
      Given Alan's program has opened the session
      And Alan's program has signed Ada in with a code
      When Ada allows it in the browser
      Then Alan's program is answered "ada@example.com"
      And Alan's program was to show the link 1 time
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server | device check, session check |
        | disk   | write tokens, write profile |

    Scenario: Ada signs in with the browser that the program has opened
      Given Alan's program has opened the session
      And Alan's program has signed Ada in with the browser
      When Ada allows it in the browser
      Then Alan's program is answered "ada@example.com"
      And Alan's program was to show the link 1 time
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | code exchange, session check |
        | keychain | write key                    |
        | disk     | write tokens, write profile  |

    Scenario: The program opens the link for her
      Given Alan's program has opened the session
      And Alan's program has signed Ada in with a code
      When Alan's program opens the link
      Then Ada's link was opened in the browser
      And Alan's program was to show the link 1 time
      And the code of the sign-in is sealed on the disk, and no token with it
      And this happened, and nothing else:
        | browser | open the link |

    Scenario: Her browser can't lead back to the program, so she pastes the code of the page
      Given no port is free
      And Alan's program has opened the session
      And Alan's program has signed Ada in with the browser
      When Ada pastes the code of the page
      Then Alan's program is answered "ada@example.com"
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | code exchange, session check |
        | keychain | write key                    |
        | disk     | write tokens, write profile  |

    Scenario: She pastes what is no code
      Given Alan's program has opened the session
      And Alan's program has signed Ada in with the browser
      When Ada pastes "analytical"
      Then Alan's program was to show the link 2 times, at last with "This is not a code from the sign-in page. Copy the whole code."
      And Alan's program sees that a sign-in is under way
      And no token is stored
      And nothing else happened

    Scenario: The server does not know the program by its own name, which is all that it gives
      Given Alan's program gives no other name to the server
      And Alan's program has opened the session
      When Alan's program signs Ada in with a code
      Then Alan's program is refused with SignInFailed: "The server does not let this app sign in with a code."
      And no token is stored
      And this happened, and nothing else:
        | server | device codes |

    Scenario: The server knows it by that name
      Given a server that lets any program sign in with a code
      And Alan's program gives no other name to the server
      And Alan's program has opened the session
      And Alan's program has signed Ada in with a code
      When Ada allows it in the browser
      Then Alan's program is answered "ada@example.com"
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server | device check, session check |
        | disk   | write tokens, write profile |

    Scenario: The program was closed while its code waited, and goes on with the same one
      Given Alan's program has opened the session
      And Alan's program has signed Ada in with a code
      And Alan's program has closed the session
      And Alan's program has opened the session
      When Alan's program signs Ada in with a code
      Then Alan's program was to show the link 2 times
      And the code of the sign-in is sealed on the disk, and no token with it
      And nothing else happened

    Scenario: She says no on the other device
      Given Alan's program has opened the session
      And Alan's program has signed Ada in with a code
      When Ada denies it in the browser
      Then Alan's program is refused with SignInFailed: "The sign-in was denied on the other device."
      And Alan's program sees nobody signed in, since "The sign-in was denied on the other device."
      And nothing of the sign-in is left on the disk
      And this happened, and nothing else:
        | server   | device check  |
        | keychain | delete key    |
        | disk     | delete tokens |

    Scenario Outline: While the code waits, the program <gives up>
      Given Alan's program has opened the session
      And Alan's program has signed Ada in with a code
      When Alan's program <gives up>
      Then Alan's program is refused with SignInFailed: "The sign-in was given up."
      And Alan's program sees nobody signed in
      And nothing of the sign-in is left on the disk
      And this happened, and nothing else:
        | keychain | delete key    |
        | disk     | delete tokens |

      Examples:
        | gives up             |
        | gives the sign-in up |
        | signs Ada out        |

    Scenario: The program has a mistake where it shows the link
      Given Alan's program fails to show a link
      And Alan's program has opened the session
      When Alan's program signs Ada in with a code
      Then Alan's program is stopped by ZeroDivisionError
      And Alan's program sees nobody signed in
      And nothing of the sign-in is left on the disk
      And this happened, and nothing else:
        | server   | device codes                |
        | keychain | write key, delete key       |
        | disk     | write tokens, delete tokens |

    Scenario: Her keychain was locked when the code was asked for, and a password is used instead
      Given the keychain is locked
      And Alan's program has opened the session
      And the keychain works again
      And Alan's program has signed Ada in with a code
      When Alan's program signs Ada in
      Then Alan's program is refused with SignInFailed: "The sign-in was given up."
      And Alan's program sees Ada signed in
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | sign-in, session check                     |
        | keychain | delete key, write key                      |
        | disk     | delete tokens, write tokens, write profile |

    Scenario: A password is used instead, and whoever waited for the code gets nothing of it
      Given Alan's program has opened the session
      And Alan's program has signed Ada in with a code
      When Alan's program signs Ada in
      Then Alan's program is refused with SignInFailed: "The sign-in was given up."
      And Alan's program sees Ada signed in
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | sign-in, session check                     |
        | keychain | delete key, write key                      |
        | disk     | delete tokens, write tokens, write profile |

    Scenario: The browser is used instead, and whoever waited for the code gets nothing of it
      Given Alan's program has opened the session
      And Alan's program has signed Ada in with a code
      And Alan's program has signed Ada in with the browser
      When Ada allows it in the browser
      Then Alan's program is refused with SignInFailed: "The sign-in was given up."
      And Alan's program sees Ada signed in
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | code exchange, session check |
        | keychain | write key                    |
        | disk     | write tokens, write profile  |

  @LI-4
  Rule: Whether somebody else goes on where a session had expired is for the program to ask

    Scenario: Bob signs in, and the program says nothing about others
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And the server has ended Ada's session
      And Alan's program has called the server
      And Alan's program has signed Ada in with a code
      When Bob allows it in the browser
      Then Alan's program is refused with SignInFailed: "You did not go on as bob@example.com (Bob Kahn). Nothing of that sign-in was kept, and the server is told to end its session."
      And Alan's program sees Ada with an expired session, since "You did not go on as bob@example.com (Bob Kahn). Nothing of that sign-in was kept, and the server is told to end its session."
      And no session of Bob is alive on the server
      And nothing of the sign-in is left on the disk
      And this happened, and nothing else:
        | server   | device check, session check, sign-out |
        | keychain | delete key                            |
        | disk     | delete tokens                         |

    Scenario: Bob signs in, and the program goes on with whoever it is
      Given Alan's program goes on as whoever signs in
      And Alan's program has opened the session
      And Alan's program has signed Ada in
      And the server has ended Ada's session
      And Alan's program has called the server
      And Alan's program has signed Ada in with a code
      When Bob allows it in the browser
      Then Alan's program is answered "bob@example.com"
      And Alan's program sees Bob signed in
      And Bob's tokens are stored
      And this happened, and nothing else:
        | server   | device check, session check                |
        | keychain | delete key, write key                      |
        | disk     | delete tokens, write tokens, write profile |

    Scenario: Bob has signed in, and the program gives up before it has said whether he goes on
      Given Alan's program hesitates when somebody else signs in
      And Alan's program has opened the session
      And Alan's program has signed Ada in
      And the server has ended Ada's session
      And Alan's program has called the server
      And Alan's program has signed Ada in with a code
      And Bob has allowed it in the browser
      When Alan's program gives the sign-in up
      Then Alan's program is refused with SignInFailed: "The sign-in was given up."
      And no session of Bob is alive on the server
      And nothing of the sign-in is left on the disk
      And this happened, and nothing else:
        | server | sign-out |

  @LI-5
  Rule: Her token goes with the calls to the servers that the program has named, and with no other

    Scenario: A call to the program's own API
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      When Alan's program calls its API
      Then Alan's program is answered "ada@example.com"
      And Alan's servers were called like this, and no other time:
        | its API | her token |
      And Ada's tokens are kept
      And nothing else happened

    Scenario: A call to the server itself, which needs no naming
      Given a server at http://127.0.0.1/accounts
      And Alan's program has opened the session
      And Alan's program has signed Ada in
      When Alan's program calls the server with a client of its own
      Then Alan's program is answered "ada@example.com"
      And Alan's servers were called like this, and no other time:
        | the server | her token |
      And Ada's tokens are kept
      And nothing else happened

    Scenario: A call to it by a client for which other servers are named
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      When Alan's program calls the server with the client for its API
      Then Alan's program is answered "Unauthorized"
      And Alan's servers were called like this, and no other time:
        | the server | no token |
      And Ada's tokens are kept
      And nothing else happened

    Scenario: A call to a stranger
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      When Alan's program calls another server
      Then Alan's program is answered "elsewhere"
      And Alan's servers were called like this, and no other time:
        | a stranger | no token |
      And Ada's tokens are kept
      And nothing else happened

    Scenario: The API leads to another of its servers, whose no is about a call without a token
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      When Alan's program calls what its API has moved to its other server
      Then Alan's program is answered "elsewhere"
      And Alan's servers were called like this, and no other time:
        | its API          | her token |
        | its other server | no token  |
      And Ada's tokens are kept
      And nothing else happened

    Scenario: A call to the API while nobody is signed in
      Given Alan's program has opened the session
      When Alan's program calls its API
      Then Alan's program is refused with NoAccessToken: "No access token available"
      And no token is stored
      And nothing else happened

    Scenario: She signs out while the answer is on its way
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's API does not answer yet
      And Alan's program has called its API
      And Alan's program has signed Ada out
      When Alan's API answers
      Then Alan's program is refused with NoAccessToken: "No access token available"
      And no token is stored
      And nothing else happened

  @LI-6
  Rule: A token that has run out is renewed once for all calls, and each of them goes again once

    Scenario: Twenty calls at once
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Ada's access token has run out
      When Alan's program calls its API 20 times at once
      Then Alan's program is answered "ada@example.com"
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | refresh                                     |
        | disk   | write journal, write tokens, delete journal |

    Scenario: The API refuses the new token as well, which is the program's to see
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's API answers the next calls with 401, 401
      When Alan's program calls its API
      Then Alan's program is answered "401"
      And Alan's servers were called like this, and no other time:
        | its API | her token     |
        | its API | her new token |
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | refresh                                     |
        | disk   | write journal, write tokens, delete journal |

    Scenario Outline: What <who> sends can be read only once
      Given <who> has opened the session
      And <who> has signed Ada in
      And Ada's access token has run out
      When <who> sends its API what can be read only once
      Then <who> is answered "Unauthorized"
      And Alan's servers were called like this, and no other time:
        | its API | her token |
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | refresh                                     |
        | disk   | write journal, write tokens, delete journal |

      Examples:
        | who            |
        | Alan's program |
        | Alan's script  |

    Scenario: The server has ended her session meanwhile
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And the server has ended Ada's session
      When Alan's program calls its API
      Then Alan's program is refused with SessionExpired: "Session expired - please sign in again"
      And Alan's program sees Ada with an expired session, since "The server ended the session: it expired, or you were signed out from elsewhere."
      And Alan's servers were called like this, and no other time:
        | its API | her token |
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | refresh                                                     |
        | keychain | delete key                                                  |
        | disk     | write journal, delete journal, write history, delete tokens |

    Scenario Outline: The API answers <answer>, which is no word about the session
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's API answers the next call with <answer>
      When Alan's program calls its API
      Then Alan's program is answered "<answer>"
      And Alan's program sees Ada signed in
      And Ada's tokens are kept
      And nothing else happened

      Examples:
        | answer |
        | 403    |
        | 429    |
        | 500    |

    Scenario: The server itself fails at a call, which is the program's to see
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And the answer to the next "who am I" request is 503 json - {"message":"Later"}
      When Alan's program calls the server at "/app/jwt-me"
      Then Alan's program is answered "503"
      And Alan's program sees Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | who am I |

  @LI-7
  Rule: A program that follows the session is told each change in order, and the last one before the end

    Scenario: A whole evening
      Given Alan's program has opened the session
      And Alan's program follows the session
      And Alan's program has signed Ada in with the password "difference engine"
      And Alan's program has signed Ada in
      And Alan's program has signed Ada out
      When Alan's program closes the session
      Then Alan's program was told, one after the other:
        | nobody signed in             |                           |
        | that a sign-in is under way  |                           |
        | nobody signed in             | Invalid email or password |
        | that a sign-in is under way  |                           |
        | Ada signed in                |                           |
        | that a sign-out is under way |                           |
        | nobody signed in             |                           |
        | the end                      |                           |
      And no token is stored
      And nothing else happened

    Scenario: A program that is slow to listen hears the last of several changes, after the end too
      Given Alan's program has opened the session
      And Alan's program follows the session slowly
      And Alan's program has signed Ada in
      And Alan's program has closed the session
      When 10 seconds pass
      Then Alan's program was told, one after the other:
        | nobody signed in |  |
        | Ada signed in    |  |
        | the end          |  |
      And Ada's tokens are kept
      And nothing else happened

    Scenario: The end of her session is told once, however many calls meet it
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program follows the session
      And the server has ended Ada's session
      When Alan's program calls its API 20 times at once
      Then Alan's program was told, one after the other:
        | Ada signed in               |                                                                                  |
        | Ada with an expired session | The server ended the session: it expired, or you were signed out from elsewhere. |
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | refresh                                                     |
        | keychain | delete key                                                  |
        | disk     | write journal, delete journal, write history, delete tokens |

    Scenario: The network goes and comes back
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program follows the session
      And Ada's access token has run out
      And the server can't be reached
      And Alan's program has called the server
      And the server can be reached again
      When Alan's program tries again
      Then Alan's program was told, one after the other:
        | Ada signed in |                                                                                                                                                           |
        | Ada offline   | The server can't be reached: nothing answers at 127.0.0.1:7001. Check the server's address and its port, or wait until it runs again. You stay signed in. |
        | Ada signed in |                                                                                                                                                           |
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | refresh, session check                      |
        | disk   | write journal, write tokens, delete journal |

    Scenario: The program is called back at each change and at the end, and fails each time
      Given Alan's program has opened the session with callbacks that fail
      And Alan's program has signed Ada in
      When Alan's program signs Ada out
      Then Alan's program is answered "nobody signed in; what was hers is dropped"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out                      |
        | keychain | delete key                    |
        | disk     | delete tokens, delete profile |

  @LI-8
  Rule: Whoever waits when the session is closed is told, and so is whoever uses it where it can't be used

    Scenario: A call waits for a new token, and the server takes its time
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Ada's access token has run out
      And the next "refresh" request is not answered yet
      And Alan's program has called its API
      And Alan's program has closed the session
      When 3 seconds pass
      Then Alan's program is refused with SessionClosed: "The session was closed. What is stored is kept for the next start."
      And Ada's tokens are kept
      And nothing else happened

    Scenario: A call waits for a JWT
      Given a server that hands out JWTs
      And Alan's program has opened the session
      And Alan's program has signed Ada in
      And the next "JWT" request is not answered yet
      And Alan's program has called the server with a JWT
      And Alan's program has closed the session
      When 3 seconds pass
      Then Alan's program is refused with SessionClosed: "The session was closed. What is stored is kept for the next start."
      And Ada's tokens are kept
      And nothing else happened

    Scenario: A sign-in waits for the server, and whatever that opens is ended
      Given Alan's program has opened the session
      And the next "sign-in" request is not answered yet
      And Alan's program has signed Ada in
      And Alan's program has closed the session
      When the server answers
      Then Alan's program is refused with SignInFailed: "The sign-in was given up."
      And no session of Ada is alive on the server
      And no token is stored
      And this happened, and nothing else:
        | server | sign-out |

    Scenario: A code waits for its person, who can still enter it at the next start
      Given Alan's program has opened the session
      And Alan's program has signed Ada in with a code
      When Alan's program closes the session
      Then Alan's program is refused with SignInFailed: "The sign-in was given up."
      And the code of the sign-in is sealed on the disk, and no token with it
      And nothing else happened

    Scenario: She signs out, and the program ends at once
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      When Alan's program signs Ada out and closes the session at once
      Then Alan's program is answered "nobody signed in"
      And no session of Ada is alive on the server
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out                      |
        | keychain | delete key                    |
        | disk     | delete tokens, delete profile |

    Scenario Outline: After that it <deed>
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program has closed the session
      When Alan's program <deed>
      Then Alan's program is refused with SessionClosed: "The session was closed. What is stored is kept for the next start."
      And Ada's tokens are kept
      And nothing else happened

      Examples:
        | deed               |
        | calls the server   |
        | signs Ada out      |
        | tries again        |
        | opens the link     |
        | lists her sessions |

    Scenario: It is closed twice
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program has closed the session
      When Alan's program closes the session once more
      Then Alan's program is answered "closed"
      And Ada's tokens are kept
      And nothing else happened

    Scenario Outline: In another event loop it <deed>
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      When Alan's program <deed> in another event loop
      Then Alan's program is refused with WrongLoop: "This session was opened in another event loop.", and is told what to do: "Use it there (asyncio.run_coroutine_threadsafe), or use refapp.blocking, which any thread may."
      And Ada's tokens are kept
      And nothing else happened

      Examples:
        | deed               |
        | calls the server   |
        | signs Ada out      |
        | asks how it is now |

    Scenario: A call of its own client waits for a loop that stands still
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      When Alan's program calls its API in another event loop
      Then Alan's program is stopped by RuntimeError: "A call gets its token while the session's event loop runs, and that stands still."
      And Ada's tokens are kept
      And nothing else happened

    Scenario: A call would hold up the loop that has to answer it
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      When Alan's program calls its API in a way that would hold up the session
      Then Alan's program is stopped by RuntimeError: "httpx.Client would hold up the session's own event loop. Use httpx.AsyncClient there, or another thread."
      And Ada's tokens are kept
      And nothing else happened

    Scenario: The program waits no longer for the session to open, and nothing of that goes on
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program has closed the session
      And the next "refresh" request is not answered yet
      And Alan's program has opened the session
      And Alan's program has waited for the answer no more
      When 5 seconds pass
      Then Alan's program is stopped by CancelledError
      And Ada's tokens are kept
      And nothing else happened

  @LI-9
  Rule: Two copies of a program have one session, two programs have two, and none goes on unseen as somebody else

    Scenario: She signs out in one copy
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And another copy of Alan's program has opened the session
      And another copy of Alan's program has signed Ada out
      When 5 seconds pass
      Then Alan's program sees nobody signed in, since "You were signed out in another window of the app."
      And no token is stored
      And this happened, and nothing else:
        | disk | write history |

    Scenario: She signs in in one copy
      Given Alan's program has opened the session
      And another copy of Alan's program has opened the session
      And another copy of Alan's program has signed Ada in
      When 5 seconds pass
      Then Alan's program sees Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server   | refresh, session check                      |
        | keychain | read key                                    |
        | disk     | write journal, write tokens, delete journal |

    Scenario: She signs in in one copy, and Bob in the other before that has looked
      Given Alan's program has opened the session
      And another copy of Alan's program has opened the session
      And another copy of Alan's program has signed Ada in
      When Alan's program signs Bob in
      Then Alan's program is refused with SignInFailed: "Somebody is signed in already."
      And Alan's program sees Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server   | refresh, session check                      |
        | keychain | read key                                    |
        | disk     | write journal, write tokens, delete journal |

    Scenario Outline: Bob has taken her place in the other copy, and the program <deed> for her
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And another copy of Alan's program has opened the session
      And another copy of Alan's program has signed Ada out
      And another copy of Alan's program has signed Bob in
      And 5 seconds have passed
      When Alan's program <deed>
      Then Alan's program is refused with NoAccessToken: "Somebody else has signed in in another copy of this program. Nothing was done in their name.", and is told what to do: "Look who it is (session.state), then call again."
      And Bob's tokens are kept
      And nothing else happened

      Examples:
        | deed               |
        | calls its API      |
        | calls the server   |
        | lists her sessions |
        | signs Ada out      |

    Scenario: It has seen that she is signed out, and not who is there since
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And another copy of Alan's program has opened the session
      And another copy of Alan's program has signed Ada out
      And 5 seconds have passed
      And Alan's program asks how it is now
      And another copy of Alan's program has signed Bob in
      And 5 seconds have passed
      When Alan's program calls its API
      Then Alan's program is refused with NoAccessToken: "Somebody else has signed in in another copy of this program. Nothing was done in their name.", and is told what to do: "Look who it is (session.state), then call again."
      And Bob's tokens are kept
      And nothing else happened

    Scenario: It has looked who it is, and goes on as he
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And another copy of Alan's program has opened the session
      And another copy of Alan's program has signed Ada out
      And another copy of Alan's program has signed Bob in
      And 5 seconds have passed
      And Alan's program has asked how it is now
      When Alan's program calls its API
      Then Alan's program is answered "bob@example.com"
      And Bob's tokens are kept
      And nothing else happened

    Scenario: One copy has renewed the tokens, and the other one's next call goes with them
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And another copy of Alan's program has opened the session
      And Ada's access token has run out
      And another copy of Alan's program has called its API
      When Alan's program calls its API
      Then Alan's program is answered "ada@example.com"
      And Ada's tokens are kept
      And nothing else happened

    Scenario: Another program of the same author in the same folder
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      When another program of Alan's opens the session
      Then another program of Alan's sees nobody signed in
      And Ada's tokens are kept
      And nothing else happened

    Scenario: She signs out of the account that she has for her work
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program for her other account has opened the session
      And Alan's program for her other account has signed Ada in
      When Alan's program for her other account signs Ada out
      Then Alan's program sees Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | sign-out                      |
        | keychain | delete key                    |
        | disk     | delete tokens, delete profile |

  @LI-10
  Rule: What the program's first version kept is taken over, unless there is something newer

    Scenario: The new version is started for the first time
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program has closed the session
      And Alan's program has kept the session as its first version did
      When Alan's program opens the session
      Then Alan's program sees Ada signed in
      And Ada's tokens are stored
      And nothing is left where its first version kept it
      And this happened, and nothing else:
        | server   | refresh, session check                                                 |
        | keychain | read key                                                               |
        | disk     | take over earlier session, write journal, write tokens, delete journal |

    Scenario: The new version has a session of its own already
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program has closed the session
      And Alan's program has kept another session as its first version did
      And the server can't be reached
      When Alan's program opens the session
      Then Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh                       |
        | keychain | read key                      |
        | disk     | write journal, delete journal |

    Scenario: Another program is started, whose session it is not
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program has closed the session
      And Alan's program has kept the session as its first version did
      When another program of Alan's opens the session
      Then another program of Alan's sees nobody signed in
      And nothing else happened

  @LI-11
  Rule: The server lists the program under its own name

    Scenario: Ada looks where she is signed in
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      When Alan's program lists her sessions
      Then Alan's program is answered "acme-notes 2.1 on Debian GNU/Linux 12"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | list of sessions |

    Scenario: Another program of Alan's is signed out from there
      Given another program of Alan's has opened the session
      And another program of Alan's has signed Ada in
      And Alan's program has opened the session
      And Alan's program has signed Ada in
      When Alan's program signs her out everywhere else
      Then Alan's program is answered "acme-notes 2.1 on Debian GNU/Linux 12"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | end of all others, list of sessions |

    Scenario: One program is signed out from the other
      Given another program of Alan's has opened the session
      And another program of Alan's has signed Ada in
      And Alan's program has opened the session
      And Alan's program has signed Ada in
      When Alan's program signs her out of "acme-mail"
      Then Alan's program is answered "acme-notes 2.1 on Debian GNU/Linux 12"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | list of sessions, end of a session, list of sessions |

    Scenario: Nobody's sessions are listed, since she has signed out
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program has signed Ada out
      When Alan's program lists her sessions
      Then Alan's program is refused with NoAccessToken: "No access token available"
      And no token is stored
      And nothing else happened

    Scenario: The server wants a sign-in of the last hour for its list
      Given a server that wants a sign-in of the last hour for the list
      And Alan's program has opened the session
      And Alan's program has signed Ada in
      And 2 hours have passed
      When Alan's program lists her sessions
      Then Alan's program is refused with CallError: "The server shows this list only shortly after you sign in. Sign out and sign in again to see it."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | list of sessions, session check |

  @LI-12
  Rule: Each error is of one family, says what happened and what was kept, and holds no secret

    Scenario: A call while the keychain is locked
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program has closed the session
      And the keychain is locked
      And Alan's program has opened the session
      When Alan's program calls the server
      Then Alan's program is refused with NoAccessToken: "Your keychain is locked.", and is told what to do: "Unlock your keychain, then try again."
      And Ada's tokens are kept
      And nothing else happened

    Scenario: A call after the keychain has lost the key
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program has closed the session
      And the keychain has lost the app's key
      And Alan's program has opened the session
      When Alan's program calls the server
      Then Alan's program is refused with NoAccessToken: "The keychain no longer has the key of your stored session.", and is told what to do: "Sign in again; the old file is then kept under another name."
      And the stored tokens are kept
      And nothing else happened

    Scenario: A sign-in while the keychain is locked
      Given the keychain is locked
      And Alan's program has opened the session
      When Alan's program signs Ada in
      Then Alan's program is refused with SignInFailed: "Your keychain is locked.", and is told what to do: "Unlock your keychain, then try again."
      And no token is stored
      And nothing else happened

    Scenario: The server fails when a token has to be renewed
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Ada's access token has run out
      And the next "refresh" request fails
      When Alan's program calls its API
      Then Alan's program is refused with CannotTell: "The server has a problem (error 503). You stay signed in."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | refresh       |
        | disk   | write journal |

    Scenario: Her tokens can't be deleted when she signs out
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And the disk is unable to delete the tokens
      When Alan's program signs Ada out
      Then Alan's program is refused with RefappError: "You are still signed in: The file of your stored session could not be deleted. Free some disk space or mend the folder's permissions, then try again."
      And Alan's program sees Ada signed in
      And Ada's tokens are kept
      And nothing else happened

    Scenario Outline: The program brings a keychain of its own, which <does>
      Given Alan's program brings a keychain that <does>
      And Alan's program has opened the session
      When Alan's program signs Ada in
      Then Alan's program is refused with SignInFailed: "<sentence>", and is told what to do: "<cure>"
      And no token is stored
      And nothing else happened

      Examples:
        | does                                 | sentence                                             | cure                                                                                                    |
        | has a mistake                        | The keychain failed (LookupError).                   | Try again; `refapp doctor` shows what the keychain says.                                                |
        | says nothing of itself               | The keychain did not say whether it can be used.     | Try again; `refapp doctor` shows what the keychain says.                                                |
        | gives up by itself                   | The keychain did not answer in time.                 | Look for a keychain window that waits for you, or restart the keychain service, then try again.        |
        | loses its connection                 | No keychain service answers on this desktop.         | Install and start a keychain service (GNOME Keyring, KWallet or KeePassXC), then try again.            |
        | is locked, in the words of a library | Your keychain is locked, or did not let the app in.  | Unlock your keychain, then try again.                                                                   |
        | is locked, in the words of another   | Your keychain is locked, or did not let the app in.  | Unlock your keychain, then try again.                                                                   |
        | was told no, in its words            | Your keychain is locked, or did not let the app in.  | Unlock your keychain, then try again.                                                                   |
        | is not there, in a library's words   | No keychain service answers on this desktop.         | Install and start a keychain service (GNOME Keyring, KWallet or KeePassXC), then try again.            |
        | can't begin, in its words            | No keychain service answers on this desktop.         | Install and start a keychain service (GNOME Keyring, KWallet or KeePassXC), then try again.            |
        | is not there, in another's words     | No keychain service answers on this desktop.         | Install and start a keychain service (GNOME Keyring, KWallet or KeePassXC), then try again.            |

    Scenario: It answers nobody
      Given Alan's program brings a keychain that answers nobody
      And Alan's program has opened the session
      When 5 seconds pass
      Then Alan's program sees that signing in is not possible, since "The keychain did not answer in time.", and what to do: "Look for a keychain window that waits for you, or restart the keychain service, then try again."
      And no token is stored
      And nothing else happened

    Scenario: It asks her once, and after her answer it answers nobody
      Given Alan's program brings a keychain that asks her, and then answers nobody
      And Alan's program has opened the session
      When 5 seconds pass
      Then Alan's program sees that signing in is not possible, since "The keychain did not answer in time.", and what to do: "Look for a keychain window that waits for you, or restart the keychain service, then try again."
      And no token is stored
      And nothing else happened

    Scenario: It gives something else than the key
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program has closed the session
      And Alan's program brings a keychain that gives something else than the key
      When Alan's program opens the session
      Then Alan's program sees that signing in is not possible, since "The keychain answered with something that is not a key.", and what to do: "Try again; `refapp doctor` shows what the keychain says."
      And Ada's tokens are kept
      And nothing else happened

    Scenario: Its keychain asks her for the key, and she takes her time
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program has closed the session
      And the keychain asks before it gives a key
      And Alan's program has opened the session
      And 60 minutes have passed
      When Ada answers the keychain with yes
      Then Alan's program is answered "Ada signed in"
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server   | refresh, session check                      |
        | keychain | read key                                    |
        | disk     | write journal, write tokens, delete journal |

    Scenario Outline: A call is given <what> in place of a path
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      When Alan's program calls the server at "<given>"
      Then Alan's program is refused with ConfigError: "A call goes to a path of the server, such as /items. For another address use session.auth."
      And Ada's tokens are kept
      And nothing else happened

      Examples:
        | what                       | given                           |
        | a whole address            | https://elsewhere.example/items |
        | another host and its path  | //elsewhere.example/items       |
        | a path from where it is    | items                           |
        | a path and a part of it    | /items#newest                   |

    Scenario Outline: A method is given <what>
      Given Alan's program has opened the session
      When Alan's program gives a method <what>
      Then Alan's program is refused with ConfigError: "<sentence>"
      And Alan's program sees nobody signed in
      And no token is stored
      And nothing else happened

      Examples:
        | what                             | sentence                                                  |
        | nothing for her e-mail address   | email is of type NoneType: give a string.                 |
        | her password for a way elsewhere | way is of type Way: give Way.BROWSER or Way.DEVICE.       |
        | nothing that shows the link      | show is of type NoneType: give a function.                |
        | a word for the kind of a code    | factor is of type str: give a refapp.Factor.              |
        | a number for what it sends       | body is of type int: give the bytes of JSON, or None.     |

  @LI-13
  Rule: Without an event loop each call waits in its own thread, and all threads share one session

    Scenario: Eight threads meet a token that has run out
      Given Alan's script has opened the session
      And Alan's script has signed Ada in
      And Ada's access token has run out
      When Alan's script calls its API from 8 threads at once
      Then Alan's script is answered "ada@example.com"
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | refresh                                     |
        | disk   | write journal, write tokens, delete journal |

    Scenario: An event loop of the program's own meets such a token
      Given Alan's script has opened the session
      And Alan's script has signed Ada in
      And Ada's access token has run out
      When Alan's script calls its API from an event loop of its own
      Then Alan's script is answered "ada@example.com"
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | refresh                                     |
        | disk   | write journal, write tokens, delete journal |

    Scenario: Whoever signs in after an expiry is shown the link, and asked for, in the thread that waits
      Given no port is free
      And Alan's script has opened the session
      And Alan's script has signed Ada in
      And the server has ended Ada's session
      And Alan's script has called the server
      When Alan's script lets Bob sign in with the browser, and says that he goes on
      Then Alan's script is answered "bob@example.com, asked here"
      And Bob's tokens are stored
      And this happened, and nothing else:
        | server   | browser flow check, code exchange, session check |
        | keychain | write key                                        |
        | disk     | write tokens, write profile                      |
        | browser  | open the link                                    |

    Scenario: One thread waits for the server, and another closes the session
      Given Alan's script has opened the session
      And Alan's script has signed Ada in
      And the next "list of sessions" request is not answered yet
      When Alan's script lists her sessions, and closes the session in another thread
      Then Alan's script is refused with SessionClosed: "The session was closed. What is stored is kept for the next start."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | list of sessions |

    Scenario: One thread waits for a code, and another closes the session
      Given Alan's script has opened the session
      When Alan's script signs Ada in with a code, and closes the session in another thread
      Then Alan's script is refused with SessionClosed: "The session was closed. What is stored is kept for the next start."
      And the code of the sign-in is sealed on the disk, and no token with it
      And this happened, and nothing else:
        | server   | device codes |
        | keychain | write key    |
        | disk     | write tokens |

    Scenario: One thread waits for a code, and another gives it up
      Given Alan's script has opened the session
      When Alan's script signs Ada in with a code, and gives that up in another thread
      Then Alan's script is refused with SignInFailed: "The sign-in was given up."
      And nothing of the sign-in is left on the disk
      And this happened, and nothing else:
        | server   | device codes                |
        | keychain | write key, delete key       |
        | disk     | write tokens, delete tokens |

    Scenario: A mistake in showing the link is raised where it was made
      Given Alan's script has opened the session
      When Alan's script signs Ada in with a code, and fails to show the link
      Then Alan's script is stopped by ZeroDivisionError
      And Alan's script sees nobody signed in
      And nothing of the sign-in is left on the disk
      And this happened, and nothing else:
        | server   | device codes                |
        | keychain | write key, delete key       |
        | disk     | write tokens, delete tokens |

    Scenario: A thread follows the session until it is closed
      Given Alan's script has opened the session
      When Alan's script follows the session in a thread, signs Ada in and closes it
      Then Alan's script is answered "nobody signed in, Ada signed in"
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | sign-in, session check      |
        | keychain | write key                   |
        | disk     | write tokens, write profile |

    Scenario: It is called after it was closed
      Given Alan's script has opened the session
      And Alan's script has signed Ada in
      And Alan's script has closed the session
      When Alan's script calls the server
      Then Alan's script is refused with SessionClosed: "The session was closed. What is stored is kept for the next start."
      And Ada's tokens are kept
      And nothing else happened

    Scenario: She signs out in one thread while another waits for its API
      Given Alan's script has opened the session
      And Alan's script has signed Ada in
      When Alan's script calls its API, and signs Ada out before the answer
      Then Alan's script is refused with NoAccessToken: "No access token available"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out                      |
        | keychain | delete key                    |
        | disk     | delete tokens, delete profile |

    Scenario: Its API is called after it was closed
      Given Alan's script has opened the session
      And Alan's script has signed Ada in
      And Alan's script has closed the session
      When Alan's script calls its API
      Then Alan's script is refused with SessionClosed: "The session was closed. What is stored is kept for the next start."
      And Ada's tokens are kept
      And nothing else happened

    Scenario: It is dropped, and nobody has closed it
      Given Alan's script has opened the session
      And Alan's script has signed Ada in
      When Alan's script drops the session
      Then Alan's script is answered "no thread of it is left"
      And Ada's tokens are kept
      And nothing else happened

    Scenario: She signs out
      Given Alan's script has opened the session
      And Alan's script has signed Ada in
      When Alan's script signs Ada out
      Then Alan's script sees nobody signed in
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out                      |
        | keychain | delete key                    |
        | disk     | delete tokens, delete profile |

  @LI-14
  Rule: A setting that can't be used is named before anything is opened

    Scenario Outline: The program gives <setting>
      Given Alan's program gives <setting>
      When Alan's program opens the session
      Then Alan's program is refused with ConfigError: "<sentence>"
      And no token is stored
      And nothing else happened

      Examples:
        | setting                            | sentence                                                                                                                                                                 |
        | the name ../elsewhere              | app='../elsewhere': give a name of letters, digits, dots and dashes, 30 at the most.                                                                                     |
        | the server http://auth.example.com | server='http://auth.example.com': plain http is for this machine only; use https, or tokens travel in the clear.                                                         |
        | the class of a keychain            | keychain is the class FakeKeychain: give an object with the methods of refapp.Keychain (status, unlock, read_key, write_key, delete_key), or None for the desktop's own. |
        | a number for the browser           | browser is of type int: give an object with the methods of a browser (open), or None for the desktop's own.                                                              |
        | a version that is not ASCII        | version='2.1é': give letters, digits and signs of ASCII, on one line.                                                                                                    |
        | a client id that nobody can read   | client_id='acme\\u200bnotes': give a name of printable letters.                                                                                                          |
        | a file for the folder              | data_dir: /proc/version is a file, not a folder.                                                                                                                         |
        | a folder that no system has        | data_dir='a\\x00b': give the path of a folder.                                                                                                                           |
        | no path to its server              | auth_path='': give a path of the server, such as /api/auth.                                                                                                              |
        | no page to sign in at              | sign_in_page='': give a path of the server, such as /sign-in, or an https address.                                                                                       |
        | a number for the account           | account=7: give a string.                                                                                                                                                |

    Scenario Outline: The program gives <spelling>, which is the same server
      Given a server at <server>
      And Alan's program has opened the session
      And Alan's program has signed Ada in
      And Alan's program has closed the session
      And Alan's program gives <spelling>
      When Alan's program opens the session
      Then Alan's program sees Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server   | refresh, session check                      |
        | keychain | read key                                    |
        | disk     | write journal, write tokens, delete journal |

      Examples:
        | server                   | spelling                                         |
        | https://auth.example.com | /api/auth/ as the path                           |
        | https://auth.example.com | the server's address with a slash                |
        | https://auth.example.com | the server's address in capitals                 |
        | https://auth.example.com | the server's address in wide letters             |
        | https://auth.example.com | the server's address with the port of https      |
        | http://127.0.0.1         | the server's address with the port of http       |
        | http://127.0.0.1         | the server's address with a dot at its end       |
        | https://auth.example.com | the server's address with a dot at its end       |

    Scenario: The longest name that an account can have
      Given Alan's program gives an account name of 200 letters
      When Alan's program opens the session
      Then Alan's program sees nobody signed in
      And no token is stored
      And nothing else happened

    Scenario: The program names an address in place of its API's origin
      Given Alan's program has opened the session
      And Alan's program has signed Ada in
      When Alan's program calls its API as "https://api.example.com/v1"
      Then Alan's program is refused with ConfigError: "Give the origins alone, such as https://api.example.com, without a path."
      And Ada's tokens are kept
      And nothing else happened
