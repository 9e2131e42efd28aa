Feature: The services around the session

  A session is there for something: here for keeping the notes in step with the server, and for an
  assistant that summarises them. Both follow the session and never lead it: they are on, paused or
  off by its state alone, and get their credentials from the trusted side, which adds them to each
  request.

  @IN-1
  Rule: Sync is enabled with the signed-in user, and only then

    Scenario: Ada's notes go to the server when she signs in
      Given the app is open
      When Ada signs in
      Then sync and the assistant are ready
      And what is usual at a sign-in happened, and nothing else

    Scenario: Nobody is signed in
      When Ada opens the app
      Then sync and the assistant are off
      And nothing else happened

    Scenario: A note that Ada writes reaches the server with the next sync
      Given Ada is signed in
      And Ada wrote the note "Engines weave. Numbers follow."
      When Ada presses "sync"
      Then the server holds the note "Engines weave. Numbers follow."
      And this happened, and nothing else:
        | server | notes                        |
        | disk   | write note, write sync state |

  @IN-2
  Rule: The assistant is enabled only while the session is good

    @inproc
    Scenario: Ada asks for a summary
      Given Ada is signed in
      And Ada wrote the note "Engines weave. Numbers follow."
      When Ada presses "summarise"
      Then the window is answered "Engines weave. (2 sentences, 4 words)"
      And this happened, and nothing else:
        | server | summary |

    @inproc
    Scenario: A summary of several lines is shown to its end
      Given Ada is signed in
      And Ada wrote the note "Engines weave. Numbers follow."
      And the answer to the next "summary" request is 200 json - {"summary":"The Analytical Engine weaves algebraical patterns just as the Jacquard loom weaves flowers and leaves. It follows what it is told, and has no pretensions whatever to originate anything. Numbers follow its cards one after the other, and so may letters and notes of music."}
      When Ada presses "summarise"
      Then the window is answered "The Analytical Engine weaves algebraical patterns just as the Jacquard loom weaves flowers and leaves. It follows what it is told, and has no pretensions whatever to originate anything. Numbers follow its cards one after the other, and so may letters and notes of music."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | summary |

    @inproc
    Scenario: A summary that is a text of its own is cut off, whatever the server takes for one
      Given Ada is signed in
      And Ada wrote the note "Engines weave. Numbers follow."
      And the answer to the next "summary" request is 200 json - {"summary":"20,000 characters"}
      When Ada presses "summarise"
      Then the window is answered with a text of 2,000 characters
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | summary |

    @inproc
    Scenario: An answer that is no summary
      Given Ada is signed in
      And Ada wrote the note "Engines weave. Numbers follow."
      And the answer to the next "summary" request is 200 json - {"text":"Engines weave."}
      When Ada presses "summarise"
      Then it says "The assistant's answer was not understood. Your note is unchanged."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | summary |

    @desktop
    Scenario: Ada gives up waiting for one, and it is not shown when it comes
      Given Ada is signed in
      And Ada wrote the note "Engines weave. Numbers follow."
      And the next "summary" request is not answered yet
      And Ada has pressed "summarise"
      And Ada has pressed "escape"
      When the server answers
      Then it does not say "2 sentences"
      And nothing else happened

    @inproc
    Scenario: Grace asks for one while she is offline
      Given Grace is signed in
      And Grace wrote the note "Engines weave. Numbers follow."
      And the server can't be reached
      And Grace has pressed "sync"
      When Grace presses "summarise"
      Then sync and the assistant are paused
      And "summarise" can't be pressed
      And it says "Paused while the app is offline. Your notes are saved on this computer."
      And Grace's tokens are kept
      And nothing else happened

  @IN-3
  Rule: Restoring runs once, however often it is asked for

    @inproc
    Scenario: The window asks again
      Given Ada was signed in when the app was closed
      And the app is open
      When the window asks to restore the session
      Then the window shows Ada signed in
      And Ada's tokens are kept
      And nothing else happened

    @inproc
    Scenario: Two notes of hers come from elsewhere at once, one with an empty line before its words
      Given Ada is signed in
      And the answer to the next "notes" request is 200 json - {"notes":[{"id":"0123456789ab","text":"\n\nFrom the train","changedAt":1900000000.0,"deleted":false,"revision":7},{"id":"0123456789ac","text":"From the café","changedAt":1900000001.0,"deleted":false,"revision":8}],"taken":{},"upTo":8,"more":false,"room":900}
      When Ada presses "sync"
      Then it says "From the train"
      And it says "From the café"
      And it says "Last synced at"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes                                                       |
        | disk   | write note, write whose notes, write note, write sync state |

    @inproc
    Scenario: The server says that there is more, and has nothing newer, so it is asked no further
      Given Ada is signed in
      And the answer to each of the next 2 "notes" requests is 200 json - {"notes":[{"id":"0123456789ab","text":"From the train","changedAt":1900000000.0,"deleted":false,"revision":0}],"taken":{},"upTo":0,"more":true,"room":900}
      When Ada presses "sync"
      Then sync and the assistant are ready
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes                                           |
        | disk   | write note, write whose notes, write sync state |

    @inproc
    Scenario: Ada saves what she has not changed
      Given Ada is signed in
      And Ada wrote the note "First"
      When Ada changes the note to "First"
      Then it says "First"
      And nothing else happened

  @IN-4
  Rule: What the window shows of the account follows from the session alone

    Scenario: Ada's name disappears with her session
      Given Ada is signed in
      When Ada presses "sign out"
      Then it does not say "Ada"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out                                             |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |

  @IN-5
  Rule: The parent makes its own requests with the token it holds

    @inproc
    Scenario: The app asks who is signed in, and the window hears nothing of it
      Given Ada is signed in
      When the app itself asks the server who is signed in
      Then the call brings "ada@example.com"
      And the window has been sent nothing
      And this happened, and nothing else:
        | server | who am I |

  @IN-6
  Rule: What was written last is what stays, whatever the clocks say

    @inproc
    Scenario: Ada changes a note that she wrote while her clock was ahead
      Given Ada is signed in
      And the computer's clock is a day ahead
      And Ada wrote the note "Numbers follow."
      And one second has passed
      And Ada wrote the note "First thoughts"
      And Ada has pressed "sync"
      And the computer's clock is right again
      And Ada changed the note to "Second thoughts"
      When Ada presses "sync"
      Then "Second thoughts" stands above "Numbers follow."
      And Ada's account holds the notes "Numbers follow." and "Second thoughts"
      And this happened, and nothing else:
        | server | notes                        |
        | disk   | write note, write sync state |

    @inproc
    Scenario: Ada deletes it, and it stays deleted
      Given Ada is signed in
      And the computer's clock is a day ahead
      And Ada wrote the note "First thoughts"
      And Ada has pressed "sync"
      And the computer's clock is right again
      And Ada has pressed "delete"
      When Ada presses "sync"
      Then it does not say "First thoughts"
      And the server holds no note
      And this happened, and nothing else:
        | server | notes                         |
        | disk   | delete note, write sync state |

    @inproc
    Scenario: She changes a note from a computer whose clock stands at the end of all time
      Given Ada is signed in
      And the answer to the next "notes" request is 200 json - {"notes":[{"id":"0123456789ab","text":"First thoughts","changedAt":253402300799.9999,"deleted":false,"revision":7}],"taken":{},"upTo":7,"more":false,"room":900}
      And Ada has pressed "sync"
      And Ada changed the note to "Second thoughts"
      And the window was closed
      And the server can't be reached
      When Ada opens the app
      Then it says "Second thoughts"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh                       |
        | keychain | read key                      |
        | disk     | write journal, delete journal |

    @inproc
    Scenario: Ada goes on with the older one of two notes
      Given the app is open
      And Ada wrote the note "First thoughts"
      And 1 minute has passed
      And Ada wrote the note "Numbers follow."
      And Ada has opened the oldest note
      And Ada types " Engines weave."
      When one second passes
      Then "First thoughts" stands above "Numbers follow."
      And this happened, and nothing else:
        | disk | write note |

    @inproc
    Scenario: An answer that was long on its way brings an older text than she has by now
      Given Ada is signed in
      And the answer to the next "notes" request is 200 json - {"notes":[{"id":"0123456789ab","text":"Second thoughts","changedAt":1900000001.0,"deleted":false,"revision":8}],"taken":{},"upTo":8,"more":false,"room":900}
      And Ada has pressed "sync"
      And the answer to the next "notes" request is 200 json - {"notes":[{"id":"0123456789ab","text":"First thoughts","changedAt":1900000000.0,"deleted":false,"revision":7}],"taken":{},"upTo":8,"more":false,"room":900}
      When Ada presses "sync"
      Then it says "Second thoughts"
      And it does not say "First thoughts"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes            |
        | disk   | write sync state |

  @IN-7
  Rule: A change is synced by itself, once for all that was changed meanwhile

    @inproc
    Scenario: Two minutes after Ada has written something
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And 90 seconds have passed
      And Ada changed the note to "Engines weave. Numbers follow."
      When 30 seconds pass
      Then the server holds the note "Engines weave. Numbers follow."
      And this happened, and nothing else:
        | server | notes                        |
        | disk   | write note, write sync state |

    @inproc
    Scenario: Two minutes after she has deleted it
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And Ada has pressed "sync"
      And Ada has pressed "delete"
      When 2 minutes pass
      Then the server holds no note
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes                         |
        | disk   | delete note, write sync state |

    @inproc
    Scenario: Ada has synced it herself, and nothing is left to sync
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And Ada has pressed "sync"
      When 5 minutes pass
      Then sync and the assistant are ready
      And nothing else happened

    @inproc
    Scenario: Nobody is signed in, and nothing goes to the server
      Given the app is open
      And Ada wrote the note "Engines weave."
      When 5 minutes pass
      Then the window shows the login form
      And nothing else happened

  @IN-8
  Rule: Only what has changed is sent, and a deleted note is gone once the server has heard of it

    Scenario: Ada deletes a note, and nothing of it is left
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And Ada has pressed "sync"
      And Ada has pressed "the Delete key"
      When Ada presses "sync"
      Then it does not say "Engines weave."
      And "undo the deletion" can be pressed
      And no note is left on the disk
      And the server holds no note
      And this happened, and nothing else:
        | server | notes                         |
        | disk   | delete note, write sync state |

    Scenario: She has deleted it on another computer
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And Ada has pressed "sync"
      And Ada has deleted the note on another computer
      When Ada presses "sync"
      Then it does not say "Engines weave."
      And no note is left on the disk
      And this happened, and nothing else:
        | server | notes                         |
        | disk   | delete note, write sync state |

    @inproc
    Scenario: Nothing has changed, and nothing of it is sent again
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And Ada has pressed "sync"
      When Ada presses "sync"
      Then "Engines weave." was sent once
      And this happened, and nothing else:
        | server | notes            |
        | disk   | write sync state |

    @inproc
    Scenario: Ada writes on while her note is on its way, and that is sent too
      Given Ada is signed in
      And Ada wrote the note "First thoughts"
      And the next "notes" request is not answered yet
      And Ada has pressed "sync"
      And Ada changed the note to "Second thoughts"
      When the server answers
      Then the server holds the note "Second thoughts"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes                                    |
        | disk   | write note, write note, write sync state |

  @IN-9
  Rule: Notes go in pieces that the server takes, and one that it does not take holds up no other

    Each server has a largest request, and seldom says how large. What is too large is sent again in
    halves, down to one note.

    @inproc
    Scenario: Two notes are too much at once
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And Ada wrote the note "Numbers follow."
      And the next "notes" request is too large for the server
      When Ada presses "sync"
      Then sync and the assistant are ready
      And Ada's account holds the notes "Engines weave." and "Numbers follow."
      And this happened, and nothing else:
        | server | notes, notes, notes                      |
        | disk   | write note, write note, write sync state |

    @inproc
    Scenario: Two that the server has, and she has changed offline, go one by one, and none is there twice
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And one second has passed
      And Ada wrote the note "Numbers follow."
      And Ada has pressed "sync"
      And the window was closed
      And the server can't be reached
      And the app is open
      And Ada changed the note to "Second thoughts"
      And Ada has opened the oldest note
      And Ada types " Numbers weave."
      And one second has passed
      And the server can be reached again
      And the next "notes" request is too large for the server
      When Ada presses "try again"
      Then Ada's account holds the notes "Second thoughts" and "Engines weave. Numbers weave."
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | refresh, session check, notes, notes, notes                                            |
        | disk   | write journal, write tokens, delete journal, write note, write note, write sync state |

    @inproc
    Scenario: One of four notes is more than all the others, and goes alone from the first try on
      Given Ada is signed in
      And Ada wrote a note of 4,200 characters
      And Ada wrote the note "Engines weave."
      And Ada wrote the note "Numbers follow."
      And Ada wrote the note "Second thoughts"
      And the next "notes" request is too large for the server
      When Ada presses "sync"
      Then sync and the assistant are ready
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes, notes, notes, notes                                       |
        | disk   | write note, write note, write note, write note, write sync state |

    @inproc
    Scenario: The server has no word for a note that is deleted, and nothing is said of it either
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And Ada has pressed "sync"
      And Ada has pressed "delete"
      And the answer to the next "notes" request is 200 json - {"notes":[],"taken":{},"upTo":1,"more":false,"room":900}
      When Ada presses "sync"
      Then sync and the assistant are ready
      And it does not say "Engines weave."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes            |
        | disk   | write sync state |

    Scenario: One note is too much by itself
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And the next "notes" request is too large for the server
      When Ada presses "sync"
      Then it says "Too large for the server: “Engines weave.”. It is kept on this computer alone; make two notes of it. Everything else is synced."
      And the note "Engines weave." is still on the disk
      And the server holds no note
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes, notes |
