@inproc
Feature: A session that lasts for years

  People do not restart their computers, and they open the app twice. So a session lives through
  months of sleep, of full disks and of copies of the app that hang, and each of them is a chance to
  sign somebody out who did nothing wrong. A server that renews a session only when it is asked
  wants to be asked in time. A token that works once must not be spent on a disk that can't keep
  what it brings. What one copy has learned is true for the others, and none of them may be in
  another's way for long.

  @LY-1
  Rule: A session whose end moves with use is kept alive from half of its life on

    Scenario: Nobody touches the app, which stays open
      Given a server with sliding sessions of an hour
      And Ada is signed in
      When 3 hours pass
      Then the window shows Ada signed in
      And access token and refresh token are the same
      And this happened, and nothing else:
        | server | refresh, session check, session check, session check, session check, session check                   |
        | disk   | write journal, delete journal, write tokens, write tokens, write tokens, write tokens, write tokens  |

    Scenario: The server extends it for nobody, and is asked ever sooner, but not without end
      Given a server with sessions of an hour that nothing extends
      And Ada is signed in
      When 59.5 minutes pass
      Then the window shows Ada signed in
      And access token and refresh token are the same
      And this happened, and nothing else:
        | server | refresh, session check, session check, session check, session check                    |
        | disk   | write journal, delete journal, write tokens, write tokens, write tokens, write tokens  |

    Scenario: The laptop sleeps through the second half
      Given a server with sliding sessions of an hour
      And Ada is signed in
      And 40 minutes have passed
      And the computer has slept for 50 minutes
      When Ada presses "sync"
      Then the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes, session check |
        | disk   | write sync state     |

    Scenario: The laptop sleeps past the half of it, and nobody touches it then either
      Given a server with sliding sessions of an hour
      And Ada is signed in
      And 20 minutes have passed
      And the computer has slept for 35 minutes
      And 6 minutes have passed
      When Ada presses "sync"
      Then the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes, session check |
        | disk   | write sync state     |

    Scenario: The computer's clock jumps ahead while the app is open
      Given a server with sliding sessions of an hour
      And Ada is signed in
      And the computer's clock is a day ahead
      When 3 hours pass
      Then the window shows Ada signed in
      And access token and refresh token are the same
      And this happened, and nothing else:
        | server | refresh, session check, session check, session check, session check, session check, session check               |
        | disk   | write journal, delete journal, write tokens, write tokens, write tokens, write tokens, write tokens, write tokens |
        | notice | This computer's clock is 24 hours ahead of the server's. You stay signed in; please set the clock.                |

    Scenario: Ada has signed in anew in another copy, and what this one asks when it is online again keeps that session alive
      Given a server with sliding sessions of an hour
      And Ada is signed in
      And another copy of the app is open
      And the server can't be reached
      And Ada has pressed "sync"
      And the server can be reached again
      And Ada has signed in in the other copy
      And another copy of the app has renewed the tokens
      And the server can't be reached
      And 15 minutes have passed
      And the server can be reached again
      When 5 minutes pass
      Then the window shows Ada signed in
      And this happened, and nothing else:
        | server | session check, notes           |
        | disk   | write tokens, write sync state |

    Scenario: The server has not said when the session ends, and is asked once a day
      Given the app is open
      And the answer to the next "session check" request is 503 none - nothing
      And Ada has signed in
      And 23 hours have passed
      When 61 minutes pass
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | refresh                                    |
        | disk   | write journal, write tokens, delete journal |

  @LY-2
  Rule: A one-time token is spent only after the disk has just taken a write

    Scenario: The disk has become full since the last try
      Given Ada is signed in
      And Ada's access token has run out
      And the next "refresh" request fails
      And Ada has pressed "sync"
      And the disk is full
      When 1 minute passes
      Then the window shows Ada offline
      And it says "could not be written"
      And Ada's tokens are kept
      And nothing else happened

    Scenario: The disk does not confirm the note that it is to be spent
      Given Ada is signed in
      And Ada's access token has run out
      And the disk is unable to confirm a change
      When Ada presses "sync"
      Then the window shows Ada offline
      And it says "The disk did not confirm the change of the file of your session's renewal. Check the disk, then try again."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes         |
        | disk   | write journal |

    Scenario: There is room again
      Given Ada is signed in
      And Ada's access token has run out
      And the next "refresh" request fails
      And Ada has pressed "sync"
      And the disk is full
      And 1 minute has passed
      And the disk works again
      When 3 minutes pass
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | refresh, session check, notes                                    |
        | disk   | write journal, write tokens, delete journal, write sync state    |

  @LY-3
  Rule: An expiry is told as one in every copy

    Scenario: One of three copies meets it
      Given Ada is signed in
      And another copy of the app is open
      And another copy of the app is open
      And the server has ended Ada's session
      And Ada has pressed "sync" in the other copy
      When 10 seconds pass
      Then the window shows Ada with an expired session
      And the other copy shows Ada with an expired session
      And these reasons are kept, and no other:
        | The server ended the session: it expired, or you were signed out from elsewhere. |
      And it says "Session expired. Sign in again to restore cloud features."
      And no token is stored
      And nothing else happened

    Scenario: The disk is full, so the copy that met it keeps the tokens, which only it knows to be worthless
      Given Ada is signed in
      And 2 of her sessions have ended before
      And the server has ended Ada's session
      And the next "refresh" request is not answered yet
      And Ada has pressed "sync"
      And the disk is full
      When the server answers
      Then the window shows Ada with an expired session
      And it says "The server ended the session"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | disk   | delete journal                                            |
        | notice | Session expired. Sign in again to restore cloud features. |

    Scenario: There is room again, and the other copy is told the same
      Given Ada is signed in
      And another copy of the app is open
      And the server has ended Ada's session
      And the next "refresh" request is not answered yet
      And Ada has pressed "sync"
      And the disk is full
      And the server has answered
      And the disk works again
      When 1 minute passes
      Then the window shows Ada with an expired session
      And the other copy shows Ada with an expired session
      And these reasons are kept, and no other:
        | The server ended the session: it expired, or you were signed out from elsewhere. |
      And Ada's tokens are gone
      And this happened, and nothing else:
        | keychain | delete key                   |
        | disk     | write history, delete tokens |

    Scenario: The copy that met it is signing in with a code before the others have looked
      Given Ada is signed in
      And another copy of the app is open
      And the server has ended Ada's session
      And Ada has pressed "sync" in the other copy
      And Ada has pressed "sign in with a code" in the other copy
      When 6 seconds pass
      Then the window shows Ada with an expired session
      And it says "Session expired. Sign in again to restore cloud features."
      And these reasons are kept, and no other:
        | The server ended the session: it expired, or you were signed out from elsewhere. |
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | device check |
        | keychain | read key     |

    Scenario: Two sessions expired of which nobody knows whose they were, and the third is signed out elsewhere
      Given another program has stored Ada's tokens, and did not say whose they are
      And the server has ended Ada's session
      And the app is open
      And another program has stored Ada's tokens, and did not say whose they are
      And the server has ended Ada's session
      And 10 seconds have passed
      And the server can't be reached
      And another program has stored Ada's tokens, and did not say whose they are
      And 10 seconds have passed
      And somebody has deleted the token file
      When 10 seconds pass
      Then the window shows the login form
      And it says "You were signed out in another window of the app."
      And these reasons are kept, and no other:
        | The server ended the session: it expired, or you were signed out from elsewhere. |
        | The server ended the session: it expired, or you were signed out from elsewhere. |
        | You were signed out in another window of the app.                                |
      And no token is stored
      And this happened, and nothing else:
        | disk   | write history                                     |
        | notice | You were signed out in another window of the app. |

  @LY-4
  Rule: A lock that is deleted keeps others out all the same, and no copy undoes what another has stored

    Scenario: The lock file is deleted while a renewal is under way
      Given Ada is signed in
      And another copy of the app is open
      And Ada's access token has run out
      And the next "refresh" request is not answered yet
      And Ada has pressed "sync"
      And somebody has deleted the lock file
      And Ada has pressed "sync" in the other copy
      When the server answers, and 1 second passes
      Then the window shows Ada signed in
      And the other copy shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | notes, notes                                                      |
        | disk   | write tokens, delete journal, write sync state, write sync state  |

    Scenario: The lock file is deleted and made anew just when the app is to lock it
      Given Ada is signed in
      And another copy of the app is open
      And Ada's access token has run out
      And the next "refresh" request is not answered yet
      And somebody deletes the lock file and makes it anew, just when the app is to lock it
      And Ada has pressed "sync"
      And Ada has pressed "sync" in the other copy
      When the server answers, and 1 second passes
      Then the window shows Ada signed in
      And the other copy shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | notes, notes                                                      |
        | disk   | write tokens, delete journal, write sync state, write sync state  |

    Scenario: The file system has no locks, and both copies renew at once
      Given a server that takes a used refresh token for another minute
      And the file system has no locks
      And Ada is signed in
      And another copy of the app is open
      And Ada's access token has run out
      And the next "refresh" request is not answered yet
      And Ada has pressed "sync"
      And Ada has pressed "sync" in the other copy
      When the server answers
      Then the window shows Ada signed in
      And the other copy shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes            |
        | disk   | write sync state |

    Scenario: The file system has no locks, and Ada signs in anew in the other copy while this one renews her tokens
      Given the file system has no locks
      And Ada is signed in
      And another copy of the app is open
      And Ada's access token has run out
      And the next "refresh" request is not answered yet
      And Ada has pressed "sync"
      And Ada has signed in in the other copy
      When the server answers
      Then the window shows Ada signed in
      And the other copy shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | sign-out |
        | keychain | read key |

  @LY-5
  Rule: A copy that hangs is named, and holds up neither a start nor a sign-out

    Scenario: Ada sees who she waits for
      Given Ada is signed in
      And another copy of the app is busy with the stored session
      And Ada's access token has run out
      And Ada has pressed "sync"
      When 5 seconds pass
      Then it says "Another copy of this app (process "
      And Ada's tokens are kept
      And nothing else happened

    Scenario: Ada does not wait, tries again, and waits anew
      Given Ada is signed in
      And another copy of the app is busy with the stored session
      And Ada's access token has run out
      And Ada has pressed "sync"
      And 5 seconds have passed
      And Ada has pressed "stop waiting"
      And 1 second has passed
      And Ada has pressed "try again"
      When 5 seconds pass
      Then "stop waiting" can be pressed
      And Ada's tokens are kept
      And nothing else happened

    Scenario: Ada does not wait
      Given Ada is signed in
      And another copy of the app is busy with the stored session
      And Ada's access token has run out
      And Ada has pressed "sync"
      And 5 seconds have passed
      And Ada has pressed "stop waiting"
      When 1 second passes
      Then the window shows Ada offline
      And it says "If it hangs, end that process, then try again. You stay signed in"
      And Ada's tokens are kept
      And nothing else happened

    Scenario: Ada starts the app beside it, and sees her name at once
      Given Ada was signed in when the app was closed
      And another copy of the app is busy with the stored session
      When Ada opens the app
      Then the window shows Ada, and that the server is being asked
      And Ada's tokens are kept
      And this happened, and nothing else:
        | keychain | read key |

    Scenario: Ada signs out beside it, and what she has just typed is kept
      Given Ada is signed in
      And another copy of the app is busy with the stored session
      And Ada types "Engines weave."
      And Ada has pressed "sign out"
      When 30 seconds pass
      Then the window shows that a restart is needed
      And the note "Engines weave." is still on the disk
      And Ada's tokens are gone
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server   | sign-out                                           |
        | keychain | delete key                                         |
        | disk     | delete tokens, delete profile, delete sync state   |

    Scenario: Ada wants to sign out beside it while the app asks whose the session is, and the disk is read-only
      Given Ada was signed in when the app was closed
      And another copy of the app is busy with the stored session
      And the app is open
      And the disk is read-only
      And Ada has pressed "sign out"
      When 1 minute passes
      Then the window shows Ada offline
      And it says "You are still signed in: "
      And Ada's tokens are kept
      And this happened, and nothing else:
        | notice | You are still signed in: The file of your stored session could not be deleted. Free some disk space or mend the folder's permissions, then try again. |

  @LY-6
  Rule: What came while the app was stopped counts

    Scenario: The one-time token's answer lies in the socket when the app goes on
      Given Ada is signed in
      And Ada's access token has run out
      And the next "refresh" request is not answered yet
      And Ada has pressed "sync"
      When the app goes on after 100 seconds in which it was stopped, and finds the server's answer
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | notes                                           |
        | disk   | write tokens, delete journal, write sync state  |

  @LY-7
  Rule: What is kept of what happened is bounded

    Scenario: A trace of years, into which two copies write
      Given Ada is signed in
      And the app's trace has grown to 4 MiB
      When Ada presses "sync"
      Then the trace goes on in a new file, and one earlier file of 4 MiB is kept
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes            |
        | disk   | write sync state |

  @LY-8
  Rule: A name that was changed elsewhere is seen within minutes of use, and an app that nobody uses asks nothing

    Ada changes her name in the browser and comes back to the app, which has been open for days. It
    asks who she is beside the next thing that she does, at most every five minutes: her call does
    not wait for it, and at night nothing is asked.

    Scenario: Ada changes her name in the browser, and goes on with her notes
      Given each server counts its users
      And Ada is signed in
      And 6 minutes have passed
      And the answer to the next "session check" request is 200 json - {"session":{"expiresAt":"2030-03-18T00:00:00.000Z"},"user":{"id":"1","name":"Ada King","email":"ada.king@example.com"}}
      When Ada presses "sync"
      Then it says "Ada King"
      And it says "ada.king@example.com"
      And the settings hold "Ada King" and no token
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes, session check            |
        | disk   | write sync state, write profile |

    Scenario: What she does needs no server
      Given each server counts its users
      And Ada is signed in
      And Ada wrote the note "Engines weave."
      And Ada has pressed "sync"
      And 6 minutes have passed
      And the answer to the next "session check" request is 200 json - {"session":{"expiresAt":"2030-03-18T00:00:00.000Z"},"user":{"id":"1","name":"Ada King","email":"ada@example.com"}}
      When Ada writes the note "Numbers follow."
      Then it says "Ada King"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | session check             |
        | disk   | write note, write profile |

    Scenario: She has just asked
      Given Ada is signed in
      And 6 minutes have passed
      And Ada has pressed "sync"
      And 4 minutes have passed
      When Ada presses "sync"
      Then the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes            |
        | disk   | write sync state |

    Scenario: The next question can't be answered, and nothing comes of it
      Given Ada is signed in
      And 6 minutes have passed
      And the next "session check" request fails
      When Ada presses "sync"
      Then the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes, session check |
        | disk   | write sync state     |

    Scenario: Her session was ended elsewhere, and she goes on typing
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And Ada has pressed "sync"
      And 6 minutes have passed
      And the server has ended Ada's session
      When Ada writes the note "Numbers follow."
      Then the window shows Ada with an expired session
      And it says "Numbers follow."
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | session check, refresh                                                 |
        | keychain | delete key                                                             |
        | disk     | write note, write journal, delete journal, write history, delete tokens |
        | notice   | Session expired. Sign in again to restore cloud features.              |

    Scenario: Nobody uses the app for an hour
      Given a server with sliding sessions
      And Ada is signed in
      When an hour passes
      Then the window shows Ada signed in
      And Ada's tokens are kept
      And nothing else happened
