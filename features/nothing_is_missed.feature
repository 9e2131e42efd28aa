Feature: Nothing is missed

  An app that waits for something that never comes is worse than one that fails: it shows a session
  that is over, or a spinner that stays, and nobody knows. What can get lost is always the same kind
  of thing: another copy of the app changed the store while this one looked elsewhere, an answer
  came to a question that was no longer being asked, a keychain was busy for a moment.

  So nothing here depends on being told in time. The app compares what it stands on with what is
  there, and goes on until both are the same; and whatever it has begun ends in something that the
  person can see.

  @NM-1
  Rule: What another copy did to the store is noticed within seconds, whatever was read in between

    @inproc
    Scenario: Ada signs out in another window, and this one reads a token just then
      Given Ada is signed in
      And another copy of the app is open
      When another copy signs out and this window asks for accessToken
      Then the window shows that a restart is needed
      And it says "You were signed out in another window of the app."
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out                                                            |
        | keychain | delete key                                                          |
        | disk     | delete tokens, delete profile, delete sync state, write history     |
        | notice   | You were signed out in another window of the app.                   |

    @inproc
    Scenario: The keychain is silent when this copy looks who has signed in
      Given Ada is signed in
      And another copy of the app is open
      And Bob has taken Ada's place in the other copy, while the keychain does not answer this one
      And the keychain works again
      When 1 minute passes
      Then the window shows Bob signed in
      And Bob's tokens are renewed
      And what is usual at a start happened, and nothing else

    @inproc
    Scenario: It was silent for long before, and is asked as soon all the same
      Given Ada was signed in when the app was closed
      And the keychain does not answer
      And the app is open
      And 3 minutes have passed
      And the keychain works again
      And 2 minutes have passed
      And another copy of the app is open
      And Bob has taken Ada's place in the other copy, while the keychain does not answer this one
      And the keychain works again
      When 20 seconds pass
      Then the window shows Bob signed in
      And Bob's tokens are renewed
      And what is usual at a start happened, and nothing else

    @inproc
    Scenario: Another program has stored Ada's tokens, and the window stores one before the app has looked
      Given the app is open
      And another program has stored Ada's tokens, and did not say whose they are
      And the window has stored "a token" as accessToken
      When 10 seconds pass
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | refresh, session check, notes                                                              |
        | disk   | write journal, write tokens, delete journal, write tokens, write profile, write sync state |

    @inproc
    Scenario: Ada's session has ended, and she signs in again in the other copy
      Given Ada is signed in
      And another copy of the app is open
      And the server has ended Ada's session
      And Ada has pressed "sync"
      And Ada has signed in in the other copy
      When 10 seconds pass
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And what is usual at a start happened, and nothing else

  @NM-2
  Rule: Every question about the session ends in an answer, and what has no answer yet is asked again

    @inproc
    Scenario: The token file is deleted while the server is being asked
      Given Ada was signed in when the app was closed
      And the next "refresh" request is not answered yet
      And the app is open
      And somebody has deleted the token file
      When the server answers
      Then the window shows the login form
      And it says "You were signed out in another window of the app."
      And no token is stored
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server | sign-out                                          |
        | disk   | delete profile, write history, delete sync state  |
        | notice | You were signed out in another window of the app. |

    @inproc
    Scenario: The server renews the session, and does not say whose it is
      Given Ada was signed in when the app was closed
      And the cached profile is gone
      And the next "session check" request fails
      And the app is open
      When 10 seconds pass
      Then the window shows Ada signed in
      And sync and the assistant are ready
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | refresh, session check, notes                                                  |
        | disk   | write journal, write tokens, delete journal, write profile, write sync state   |

    @inproc
    Scenario Outline: The token file <is spoiled> while Ada is offline
      Given Ada is signed in
      And the server can't be reached
      And Ada has pressed "sync"
      And the keychain has lost the app's key
      And the token file <is spoiled>
      And the server can be reached again
      When 1 minute passes
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And the damaged file is still there under another name
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                                                          |
        | keychain | <keys>                                                                                                 |
        | disk     | set aside tokens, write tokens, write journal, write tokens, delete journal, write sync state          |

      Examples:
        | is spoiled        | keys                          |
        | was damaged       | write key                     |
        | names another key | read key, read key, write key |

    @inproc
    Scenario Outline: The app's question at a sign-in is broken off: <call>
      Given the app is open
      And the next "<call>" request is broken off in the app
      When Ada <signs in>
      Then the window shows the login form
      And it says "The app broke this off. Try again."
      And no token is stored
      And this happened, and nothing else:
        | server | <call> |

      Examples:
        | call         | signs in                      |
        | sign-in      | signs in                      |
        | device codes | presses "sign in with a code" |

    @inproc
    Scenario: The app asks on with the code of the last run, and that is broken off
      Given the app is open
      And Ada has pressed "sign in with a code"
      And the window was closed
      And the next "device check" request is broken off in the app
      And the app is open
      When 6 seconds pass
      Then the window shows the login form
      And it says "The app broke this off. Try again."
      And nothing of the sign-in is left on the disk
      And this happened, and nothing else:
        | server   | device check  |
        | keychain | delete key    |
        | disk     | delete tokens |

    @inproc
    Scenario: The app sends the code of her second factor, and that is broken off
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And the next "second factor" request is broken off in the app
      When Ada enters the code of the authenticator
      Then the window shows that a sign-in is under way
      And it says "The app broke this off. Try again."
      And no token is stored
      And this happened, and nothing else:
        | server | second factor |

    @inproc
    Scenario: That was broken off, and she has no more time for another code than the server gives
      Given Ada's account has a second factor
      And the app is open
      And Ada's sign-in is under way
      And the next "second factor" request is broken off in the app
      And Ada has entered the code of the authenticator
      When 10 minutes pass
      Then the window shows the login form
      And it says "No code was entered in time. Sign in with your password again."
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: The app's question at a start is broken off
      Given a server with sliding sessions
      And Ada was signed in when the app was closed
      And the app was opened and closed again
      And the next "session check" request is broken off in the app
      When Ada opens the app
      Then the window shows Ada offline
      And it says "The app broke this off. You stay signed in."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | session check |
        | keychain | read key      |

    @inproc
    Scenario: The app's message of a sign-out is broken off
      Given Ada is signed in
      And the next "sign-out" request is broken off in the app
      When Ada presses "sign out"
      Then the window shows that a restart is needed
      And it says "The server could not be told"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out                                             |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |
        | notice   | You are signed out on this computer. The server could not be told, so it may list the session until it expires. |

    @inproc
    Scenario: The next try is due while a sign-out waits for another copy, and the sign-out comes to nothing
      Given Grace was signed in when the app was closed
      And the server can't be reached
      And the app is open
      And another copy of the app is busy with the stored session
      And the disk is unable to delete the tokens
      And Grace has pressed "sign out"
      And the server can be reached again
      When the other copy is done after 25 seconds
      Then the window shows Grace signed in
      And it says "You are still signed in: "
      And Grace's tokens are renewed
      And this happened, and nothing else:
        | server | refresh, session check, notes                                   |
        | disk   | write journal, write tokens, delete journal, write sync state   |
        | notice | You are still signed in: The file of your stored session could not be deleted. Free some disk space or mend the folder's permissions, then try again. |

  @NM-3
  Rule: A sync that failed is tried again by itself

    @inproc
    Scenario: The server has a problem for a moment
      Given Ada is signed in
      And the next "notes" request fails
      And Ada has pressed "sync"
      When 10 seconds pass
      Then sync and the assistant are ready
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes            |
        | disk   | write sync state |

    @inproc
    Scenario: It had problems for a while, and the next time it has one is the first again
      Given Ada is signed in
      And the answer to each of the next 4 "notes" requests is 500 none - nothing
      And Ada has pressed "sync"
      And 1 minute has passed
      And the next "notes" request fails
      And Ada has pressed "sync"
      When 5 seconds pass
      Then sync and the assistant are ready
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes            |
        | disk   | write sync state |

    @inproc
    Scenario: The server asks to wait, and is waited for
      Given Ada is signed in
      And the next "notes" request is asked to wait 30 seconds
      And Ada has pressed "sync"
      When 20 seconds pass
      Then it says "The server asks you to wait 30 seconds."
      And Ada's tokens are kept
      And nothing else happened

    @inproc
    Scenario: The server says no, and is not asked again and again
      Given Ada is signed in
      And the next "notes" request is forbidden
      And Ada has pressed "sync"
      When 60 seconds pass
      Then it says "The server did not take the notes (error 403). They are kept here."
      And Ada's tokens are kept
      And nothing else happened

  @NM-4
  Rule: A sign-out tells the server with the newest token, or says that the server does not know

    @inproc
    Scenario: The access token has run out
      Given a server with refresh tokens
      And Ada is signed in
      And the answer to the next "sign-out" request is 401 json - {"message":"Session expired","code":"SESSION_EXPIRED"}
      When Ada presses "sign out"
      Then the window shows that a restart is needed
      And Ada's tokens are gone
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server   | sign-out, refresh, sign-out                          |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |

    @inproc
    Scenario: It has run out, and the server has a problem with renewing it
      Given Ada is signed in
      And the answer to the next "sign-out" request is 401 json - {"message":"Session expired","code":"SESSION_EXPIRED"}
      And the next "refresh" request fails
      When Ada presses "sign out"
      Then the window shows that a restart is needed
      And it says "The server could not be told"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out, refresh                                    |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |
        | notice   | You are signed out on this computer. The server could not be told, so it may list the session until it expires. |

    @inproc
    Scenario: It has run out, and the server knows the refresh token no more either, so there is nothing left to tell
      Given Ada is signed in
      And the server has ended Ada's session
      And the answer to the next "sign-out" request is 401 json - {"message":"Session expired","code":"SESSION_EXPIRED"}
      When Ada presses "sign out"
      Then the window shows that a restart is needed
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out, refresh                                    |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |

    @inproc
    Scenario: It knows neither, and another copy, which hangs, may have got newer ones
      Given Ada is signed in
      And another copy of the app is busy with the stored session
      And the server has ended Ada's session
      And the answer to the next "sign-out" request is 401 json - {"message":"Session expired","code":"SESSION_EXPIRED"}
      And Ada has pressed "sign out"
      When 30 seconds pass
      Then the window shows that a restart is needed
      And it says "The server could not be told"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out, refresh                                    |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |
        | notice   | You are signed out on this computer. The server could not be told, so it may list the session until it expires. |

    @inproc
    Scenario: Another copy has just renewed the tokens
      Given Ada is signed in
      And 10 seconds have passed
      And Ada's access token has run out
      And another copy of the app has renewed the tokens
      When Ada presses "sign out"
      Then no session of Ada is alive on the server
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server | sign-out |
        | keychain | delete key |
        | disk | delete tokens, delete profile, delete sync state |

    @inproc
    Scenario: The disk did not take the newest tokens, and it is these that the server is told with
      Given Ada is signed in
      And Ada's access token has run out
      And the next "refresh" request is not answered yet
      And Ada has pressed "sync"
      And the disk is full
      And the server has answered
      When Ada presses "sign out"
      Then the window shows that a restart is needed
      And Ada's tokens are gone
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server   | sign-out                                                             |
        | keychain | delete key                                                           |
        | disk     | delete tokens, delete journal, delete profile, delete sync state     |

    @inproc
    Scenario: Two people's tokens are there, and the server could be told of one of them only
      Given Ada is signed in
      And another program has stored "a token" in place of Ada's access token
      And the next "sign-out" request fails
      When Ada presses "sign out"
      Then the window shows that a restart is needed
      And it says "The server could not be told"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out, sign-out                                   |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |
        | notice   | You are signed out on this computer. The server could not be told, so it may list the session until it expires. |

    @inproc
    Scenario: The token file is damaged, so what the server refuses may not be the newest token
      Given Ada is signed in
      And the server has ended Ada's session
      And the answer to the next "sign-out" request is 401 json - {"message":"Session expired","code":"SESSION_EXPIRED"}
      And the token file was damaged
      When Ada presses "sign out"
      Then the window shows that a restart is needed
      And it says "The server could not be told"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out, refresh                                    |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |
        | notice   | You are signed out on this computer. The server could not be told, so it may list the session until it expires. |

  @NM-5
  Rule: A sign-out that has begun is finished although the window is closed, or the history says that it was not

    @inproc
    Scenario: Another copy is busy with the stored session for a while
      Given Ada is signed in
      And another copy of the app is busy with the stored session
      And Ada has pressed "sign out"
      When Ada closes the window, and the other copy is done after 10 seconds
      Then Ada's tokens are gone
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server   | sign-out                                             |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |

    @inproc
    Scenario: It hangs
      Given Ada is signed in
      And another copy of the app is busy with the stored session
      And Ada has pressed "sign out"
      When Ada closes the window, and the other copy is done after 60 seconds
      Then Ada's tokens are gone
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server   | sign-out                                             |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |

    @inproc
    Scenario: The tokens can't be deleted
      Given Ada is signed in
      And another copy of the app is busy with the stored session
      And the disk is unable to delete the tokens
      And Ada has pressed "sign out"
      When Ada closes the window, and the other copy is done after 10 seconds
      Then Ada's tokens are kept
      And the reason that is kept says "You are still signed in: The file "
      And this happened, and nothing else:
        | disk | write history |

  @NM-6
  Rule: Whether the session is good is said by the server's newest answer to this copy, and by nothing else

    @inproc
    Scenario: A call that began before the session was confirmed fails afterwards
      Given Grace is signed in
      And the next "notes" request is not answered yet
      And Grace has pressed "sync"
      And the app itself has made a call that was answered
      When 1 minute passes
      Then the window shows Grace signed in
      And Grace's tokens are kept
      And this happened, and nothing else:
        | server | notes            |
        | disk   | write sync state |

    @inproc
    Scenario: It was confirmed by a renewal that was due meanwhile
      Given Grace is signed in
      And 625 seconds have passed
      And the next "notes" request is not answered yet
      And Grace has pressed "sync"
      When 1 minute passes
      Then the window shows Grace signed in
      And Grace's tokens are renewed
      And this happened, and nothing else:
        | server | refresh, notes, session check                                 |
        | disk   | write journal, write tokens, delete journal, write sync state |

    @inproc
    Scenario: Another copy has renewed the tokens while this one was offline
      Given Ada was signed in when the app was closed
      And the server can't be reached
      And the app is open
      And 15 minutes have passed
      And another copy of the app has renewed the tokens
      And the server can't be reached
      When 6 seconds pass
      Then the window shows Ada offline
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | session check |

    @inproc
    Scenario: A call finds the tokens of another copy while this one is offline, which is no answer either
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And the next "notes" request is refused, but not yet
      And Ada has pressed "sync"
      And the server can't be reached
      And Ada has pressed "summarise"
      And another copy of the app has renewed the tokens
      And the server can't be reached
      When the server answers
      Then the window shows Ada offline
      And the window never showed Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes, refresh                |
        | disk   | write journal, delete journal |

    @inproc
    Scenario: It goes on asking, as in any outage
      Given Ada was signed in when the app was closed
      And the server can't be reached
      And the app is open
      And 15 minutes have passed
      And another copy of the app has renewed the tokens
      And the server can't be reached
      And 6 seconds have passed
      And the server can be reached again
      When 10 minutes pass
      Then the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | session check, notes |
        | disk   | write sync state |

    @inproc
    Scenario: The access token of these has run out by the time that this copy can ask, which is no expiry
      Given Ada was signed in when the app was closed
      And the server can't be reached
      And the app is open
      And another copy of the app has renewed the tokens
      And the server can't be reached
      And 20 minutes have passed
      And the server can be reached again
      When 10 minutes pass
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | session check, refresh, session check, notes                  |
        | disk   | write journal, write tokens, delete journal, write sync state |

  @NM-7
  Rule: Secure storage that works again is noticed

    @inproc
    Scenario: Without a press of a button
      Given Ada was signed in when the app was closed
      And the keychain does not answer
      And the app is open
      And the keychain works again
      When 10 seconds pass
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And what is usual at a start happened, and nothing else

    @inproc
    Scenario: Nothing is said of it while the server is asked
      Given Ada was signed in when the app was closed
      And the keychain is locked
      And the app is open
      And the keychain works again
      And the next "refresh" request is not answered yet
      When 10 seconds pass
      Then the window shows Ada, and that the server is being asked
      And it does not say "Your keychain is locked."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh       |
        | keychain | read key      |
        | disk     | write journal |

    @inproc
    Scenario: It kept Ada from signing in, and there is the form again
      Given the app is open
      And the keychain is locked
      And Ada's sign-in is under way
      And the keychain works again
      When 10 seconds pass
      Then the window shows the login form
      And it does not say "Your keychain is locked."
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: A keychain that fails may have asked Ada for leave, so it is for her to try again
      Given Ada was signed in when the app was closed
      And the keychain fails
      And the app is open
      And the keychain works again
      When 10 minutes pass
      Then the window shows that signing in is not possible
      And Ada's tokens are kept
      And nothing else happened

  @NM-8
  Rule: A key that no file needs is deleted at the next write

    @inproc
    Scenario: The keychain was locked when the tokens went
      Given Ada was signed in when the app was closed
      And the keychain is locked
      And the app is open
      And Ada has pressed "sign out"
      And the keychain works again
      When Ada signs in
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And the keychain holds 1 key of the app
      And this happened, and nothing else:
        | server   | sign-in, session check, notes                                         |
        | keychain | delete key, write key                                                 |
        | disk     | delete stray keys, write tokens, write profile, write sync state      |

    @inproc
    Scenario: The app was killed before the file went, so a key that it needs is noted
      Given Ada was signed in when the app was closed
      And the note of stray keys has the key of the token file
      When Ada opens the app
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And the keychain holds 1 key of the app
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                                   |
        | keychain | read key                                                                        |
        | disk     | write journal, delete stray keys, write tokens, delete journal, write sync state |
