Feature: What a person writes is kept

  There is no "Save" in this app, so nobody thinks of it: people take what is in the window for
  saved. So it has to be, whatever happens next: the window is closed, the computer is shut down, a
  program is killed, or something else happens while somebody writes. The window may write no file,
  so the app asks it for its last words before it ends, and waits for a moment. Where an end leaves
  no time for that, what is missing is what was typed in the last second.

  @NT-1
  Rule: At most the last second of typing is unsaved, whatever ends the window or the app

    Scenario Outline: Ada types, and at once <the end comes>
      Given the app is open
      When Ada types "Engines weave." and at once <the end comes>
      Then the app ends without a word
      And the note "Engines weave." is still on the disk
      And this happened, and nothing else:
        | disk | write note |

      Examples:
        | the end comes              |
        | she closes the window      |
        | the computer is shut down  |
        | the terminal is closed     |

      @desktop
      Examples: by keys
        | the end comes                 |
        | she presses Ctrl and Q        |
        | she chooses Close in the menu |

    @desktop
    Scenario: The display goes away while Ada writes in a long note, and the app hears her last word
      Given a note of one line with 90,000 characters was written on the computer
      And the app is open
      And Ada has pressed the keys "Alt+N, Shift+Tab, Down"
      When Ada types "X" and at once the display goes away
      Then the app ends and says "The display went away, and the app with it. What was typed is kept up to"
      And the note is that line still, with "X" in it
      And this happened, and nothing else:
        | disk | write note |

    @inproc
    Scenario: The display goes away while her first words are on their way to the disk, and the app hears the rest
      Given 2 notes were written on the computer
      And the app is open
      And Ada has opened the oldest note
      And Ada types " Engines weave", and goes on with " algebraical patterns." while that is saved
      When the display goes away
      Then the app ends and says "The display went away, and the app with it. What was typed is kept up to"
      And the note "Note 0. Engines weave algebraical patterns." is still on the disk
      And this happened, and nothing else:
        | disk | write note, write note |

    @inproc
    Scenario: The window is not asked for last words, and nobody waits for any
      Given the app is open, and its window is of a make that is not asked for last words
      When the computer is shut down
      Then the app ends without a word
      And nothing else happened

    @inproc
    Scenario: The window crashes a second after the last word
      Given the app is open
      And Ada types "Engines weave."
      And one second has passed
      When the window crashes
      Then the note "Engines weave." is still on the disk
      And this happened, and nothing else:
        | notice | The window ended unexpectedly and was started again. What was typed is kept up to hh:mm:ss. |

    @inproc
    Scenario: Ada types on and on, and is not waited for
      Given the app is open
      And Ada types a word every tenth of a second, for five seconds
      When the window crashes
      Then all but the last second of it is on the disk
      And this happened, and nothing else:
        | notice | The window ended unexpectedly and was started again. What was typed is kept up to hh:mm:ss. |

    @inproc
    Scenario: Ada types on while her first words are on their way to the disk
      Given the app is open
      And Ada types "Engines weave", and goes on with " algebraical patterns." while that is saved
      When 2 seconds pass
      Then the note "Engines weave algebraical patterns." is still on the disk
      And this happened, and nothing else:
        | disk | write note, write note |

    @inproc
    Scenario: Ada begins another note before the first is saved
      Given the app is open
      When Ada types "Engines weave.", and "Numbers follow." into another note at once
      Then the note "Engines weave." is still on the disk
      And the note "Numbers follow." is still on the disk
      And this happened, and nothing else:
        | disk | write note, write note |

    @inproc
    Scenario: A note is saved as soon as Ada begins another
      Given the app is open
      When Ada types "Engines weave.", and begins another note at once, and the window crashes
      Then the note "Engines weave." is still on the disk
      And this happened, and nothing else:
        | disk   | write note |
        | notice | The window ended unexpectedly and was started again. What was typed is kept up to hh:mm:ss. |

    @desktop
    Scenario: Ada takes back what she typed, and none of the note before it comes in its place
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada wrote the note "Numbers follow."
      And Ada has pressed "Ctrl+Z"
      When Ada presses "Ctrl+Z"
      Then it does not say "Numbers follow."
      And the note "Engines weave." is still on the disk
      And nothing else happened

    @desktop
    Scenario: Her session is gone while she writes, and her next keys go into no form
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And somebody has deleted the token file
      And Ada has pressed "sync"
      When Ada presses the keys "' Numbers follow.'"
      Then the window looks like this:
        | Notes  | chosen                                |
        | note   | ""; can't be used; at the keyboard    |
        | banner | "Signed out. Restart to finish."      |
      And the note "Engines weave." is still on the disk
      And nothing else happened

    @inproc
    Scenario: Her sign-in comes through while she writes
      Given the app is open
      And Ada types "Engines weave"
      And Ada signs in and goes on with " algebraical patterns."
      When one second passes
      Then the note "Engines weave algebraical patterns." is still on the disk
      And this happened, and nothing else:
        | disk | write note |

  @NT-2
  Rule: What could not be saved is said, with up to when it is kept

    @inproc
    Scenario: The disk is full when the computer is shut down
      Given the app is open
      And the disk is full
      When Ada types "Engines weave." and at once the computer is shut down
      Then the app ends and says "What was typed could not be saved: "
      And nothing else happened

    @inproc
    Scenario: It became full after the first words
      Given the app is open
      And Ada types "Engines weave."
      And one second has passed
      And the disk is full
      When Ada types " Numbers follow." and at once the computer is shut down
      Then the app ends and says up to when the note is kept, and that the rest could not be saved
      And the note "Engines weave." is still on the disk
      And nothing else happened

    @inproc
    Scenario: Nobody can have typed anything, for the window is still coming up
      Given the app is open, and its window is still coming up
      When the computer is shut down
      Then the app ends without a word
      And nothing else happened

    @inproc
    Scenario: The window hangs, and has nothing to say when it is asked
      Given the app is open
      And Ada types "Engines weave."
      And one second has passed
      And the window hangs
      When the computer is shut down
      Then the app ends and says "The window did not say in time what was typed last. What was typed is kept up to "
      And nothing else happened

    @inproc
    Scenario: The app runs into a fault of its own
      Given the app is open
      And Ada types "Engines weave."
      And one second has passed
      When the app runs into a fault of its own
      Then the app ends and says up to when the note is kept
      And the note "Engines weave." is still on the disk
      And nothing else happened

    @inproc
    Scenario: The app is killed, and Ada reads up to when her note is kept when she opens it again
      Given the app is open
      And Ada types "Engines weave."
      And one second has passed
      And the app is killed
      When Ada opens the app
      Then it says "Engines weave."
      And this happened, and nothing else:
        | notice | The app ended last time without being closed. What was typed is kept up to hh:mm:ss. |

    @inproc
    Scenario Outline: The power went, and what stands in the mark of that run is no moment: <what>
      Given the app is open
      And Ada types "Engines weave."
      And one second has passed
      And the app is killed
      And the mark of the run that was killed says "<what>"
      When Ada opens the app
      Then it says "Engines weave."
      And this happened, and nothing else:
        | notice | The app ended last time without being closed. Nothing that was stored is lost. |

      Examples:
        | what |
        | inf  |
        | nan  |
        | -1.0 |
        | x    |

    @inproc
    Scenario Outline: She opens it after midnight, and reads the date as well: <time> have passed
      Given the app is open
      And Ada types "Engines weave."
      And one second has passed
      And the app is killed
      And <time> have passed
      When Ada opens the app
      Then it says "Engines weave."
      And this happened, and nothing else:
        | notice | The app ended last time without being closed. What was typed is kept up to 2030-03-17, hh:mm:ss. |

      Examples:
        | time     |
        | 7 hours  |
        | 365 days |

    @inproc
    Scenario: It is killed before anything was typed
      Given the app is open
      And the app is killed
      When Ada opens the app
      Then the window shows the login form
      And this happened, and nothing else:
        | notice | The app ended last time without being closed. Nothing that was stored is lost. |

    @inproc
    Scenario: Two copies are killed, and nothing was typed in one of them
      Given the app is open
      And another copy of the app is open
      And Ada types "Engines weave."
      And one second has passed
      And the app is killed
      And the app is killed
      When Ada opens the app
      Then it says "Engines weave."
      And this happened, and nothing else:
        | notice | The app ended last time without being closed. What was typed is kept up to hh:mm:ss. |

    @inproc
    Scenario: The window crashes with her last words in its pipe
      Given the window is at the far end of real pipes
      And the app is open
      When the window saves the note "Engines weave." and crashes before anybody has read that
      Then it says "Engines weave."
      And this happened, and nothing else:
        | disk   | write note                                                                                   |
        | notice | The window ended unexpectedly and was started again. What was typed is kept up to hh:mm:ss. |

    @inproc
    Scenario: She has read that, and does not read it again when the window crashes
      Given the app is open
      And the app is killed
      And the app is open
      When the window crashes
      Then the window shows the login form
      And this happened, and nothing else:
        | notice | The window ended unexpectedly and was started again. Nothing that was stored is lost. |

    @inproc
    Scenario: Nor at the next start
      Given the app is open
      And the app is killed
      And the app was opened and closed again
      When Ada opens the app
      Then the window shows the login form
      And nothing else happened

    @desktop
    Scenario: Ada closes the window, and what she typed can't be saved: it stays until she closes it once more
      Given the app is open
      And no note can be written
      When Ada types "Engines weave." and tries to close the window
      Then it says "The note could not be saved, so the window stays open. Close it again to leave without the last changes."
      And the window leaves when it is closed once more
      And nothing else happened

    @desktop
    Scenario: Ada deletes a note by keys, and the disk does not let it go
      Given the app is open
      And Ada wrote the note "Engines weave."
      And no note can be written
      When Ada presses "Tab, then Enter"
      Then it says "Not deleted: "
      And the note "Engines weave." is still on the disk
      And nothing else happened

    @desktop
    Scenario: Ada deletes a note that somebody has deleted already, and then another
      Given 2 notes were written on the computer
      And the app is open
      And Ada has pressed the keys "Alt+N, Shift+Tab, End"
      And somebody has deleted the file of the oldest note
      And Ada has pressed the keys "Delete"
      When Ada presses the keys "Home, Delete"
      Then the window looks like this:
        | note           | ""              |
        | below the note | "Note deleted." |
        | list           | at the keyboard |
      And this happened, and nothing else:
        | disk | delete note |

    @inproc
    Scenario: She takes back what could not be saved
      Given the app is open
      And Ada types "Engines weave."
      And one second has passed
      And the disk is full
      And Ada types " Numbers follow."
      And one second has passed
      And Ada takes back " Numbers follow."
      When the computer is shut down
      Then the app ends without a word
      And the note "Engines weave." is still on the disk
      And nothing else happened

    @inproc
    Scenario: She takes back all of a note that could not be saved
      Given the app is open
      And the disk is full
      And Ada types "Engines weave."
      And one second has passed
      And Ada takes back "Engines weave."
      When the computer is shut down
      Then the app ends without a word
      And no note is left on the disk
      And nothing else happened

    @inproc
    Scenario: She deletes the note of which a part could not be saved
      Given the app is open
      And Ada types "Engines weave."
      And one second has passed
      And the disk is full
      And Ada types " Numbers follow."
      And one second has passed
      And the disk works again
      And Ada has pressed "delete"
      When the computer is shut down
      Then the app ends without a word
      And no note is left on the disk
      And nothing else happened

    @inproc
    Scenario: Ada reads that her note is not saved
      Given the app is open
      And the disk is full
      And Ada types "Engines weave."
      When one second passes
      Then it says "Not saved: The file of your notes could not be written."
      And nothing else happened

    @inproc
    Scenario: Ada restarts with it, after a sign-out, and reads that it could not be saved
      Given Ada is signed in
      And the disk is full
      And Ada types "Engines weave."
      And Ada has pressed "sign out"
      When Ada presses "restart"
      Then the window shows the login form
      And it is another window than before
      And it says "What was typed could not be saved: The file of your notes could not be written."
      And no token is stored
      And this happened, and nothing else:
        | notice | What was typed could not be saved: The file of your notes could not be written. |

    @inproc
    Scenario: She was told so by then, and of what she has saved since the app says nothing when it ends
      Given Ada is signed in
      And Ada types "Engines weave."
      And one second has passed
      And the disk is full
      And Ada types " Numbers follow."
      And Ada has pressed "sign out"
      And Ada has pressed "restart"
      And the disk works again
      And Ada types "So do letters."
      And one second has passed
      When the computer is shut down
      Then the app ends without a word
      And the note "So do letters." is still on the disk
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Bob's window crashes, in which he has written nothing, and does not say when Ada wrote
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And Ada has pressed "sign out"
      And Ada has pressed "restart"
      And Bob has signed in
      When the window crashes
      Then it says "The window ended unexpectedly and was started again. Nothing that was stored is lost."
      And Bob's tokens are kept
      And this happened, and nothing else:
        | notice | The window ended unexpectedly and was started again. Nothing that was stored is lost. |

    @inproc
    Scenario: Bob signs in in another copy meanwhile, and his window says that something could not be saved, not what, nor when she wrote
      Given Ada is signed in
      And another copy of the app is open
      And Ada types "Dear diary"
      And 10 seconds have passed
      And Bob has signed in in the other copy
      And the disk is full
      And Ada types ", at last"
      When 10 seconds pass
      Then it is another window than before
      And it says "Something that was typed here before could not be saved."
      And it does not say "Dear diary"
      And Bob's tokens are kept
      And this happened, and nothing else:
        | keychain | read key                                                 |
        | notice   | Something that was typed here before could not be saved. |

    @inproc
    Scenario: Bob signs in in another copy meanwhile, Ada's window hangs, and the one after it says so, and not when she wrote
      Given Ada is signed in
      And another copy of the app is open
      And Ada types "Dear diary"
      And 10 seconds have passed
      And Bob has signed in in the other copy
      And the window hangs
      When 10 seconds pass
      Then it is another window than before
      And it says "The window did not say in time what was typed last."
      And it does not say "Dear diary"
      And Bob's tokens are renewed
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                 |
        | keychain | read key                                                      |
        | disk     | write journal, write tokens, delete journal, write sync state |
        | notice   | The window did not say in time what was typed last.           |

    @inproc
    Scenario: She begins another note meanwhile, and goes back to the one that is not saved
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada has opened the oldest note
      And the disk is full
      And Ada types " Numbers follow.", and begins another note at once
      And Ada has opened the oldest note
      When one second passes
      Then it says "Numbers follow."
      And it says "Not saved: The file of your notes could not be written."
      And the note "Engines weave." is still on the disk
      And nothing else happened

    @inproc
    Scenario: She goes back and forth between two that are not saved, and both are once there is room
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada has opened the oldest note
      And the disk is full
      And Ada types " Numbers follow.", and begins another note at once
      And Ada types "So do letters."
      And Ada has opened the oldest note
      And the disk works again
      When 3 seconds pass
      Then the note "Engines weave. Numbers follow." is still on the disk
      And the note "So do letters." is still on the disk
      And this happened, and nothing else:
        | disk | write note, write note |

    @inproc
    Scenario: Somebody deletes the file of the note meanwhile, and what she typed is a note again once there is room
      Given the app is open
      And Ada types "Engines weave."
      And one second has passed
      And the disk is full
      And Ada types " Numbers follow."
      And 3 seconds have passed
      And somebody has deleted the file of the oldest note
      And 10 seconds have passed
      And the disk works again
      When 3 seconds pass
      Then it says "Engines weave. Numbers follow."
      And the note "Engines weave. Numbers follow." is still on the disk
      And this happened, and nothing else:
        | disk | write note |

    @inproc
    Scenario: There is room again, and she reads that it is
      Given the app is open
      And the disk is full
      And Ada types "Engines weave."
      And one second has passed
      And the disk works again
      When 3 seconds pass
      Then it says "Saved on this computer"
      And it does not say "Not saved"
      And the note "Engines weave." is still on the disk
      And this happened, and nothing else:
        | disk | write note |

    @inproc
    Scenario: There is room again when she has left the note for another one, and it is saved all the same
      Given the app is open
      And the disk is full
      And Ada types "Engines weave.", and begins another note at once
      And the disk works again
      When 3 seconds pass
      Then the note "Engines weave." is still on the disk
      And this happened, and nothing else:
        | disk | write note |

    @inproc
    Scenario: The disk has her note, and does not confirm that it will stay, nor did it once before
      Given the app is open
      And the disk is unable to confirm a change
      And Ada types "Engines weave."
      And 5 seconds have passed
      And the disk works again
      And Ada types " Numbers follow."
      And 5 seconds have passed
      And the disk is unable to confirm a change
      And Ada types " So do letters."
      When 5 seconds pass
      Then it says "The disk did not confirm the change of the file of your notes."
      And it says "Saved on this computer"
      And 1 note is left on the disk
      And this happened, and nothing else:
        | disk   | write note                                                     |
        | notice | The disk did not confirm the change of the file of your notes. |

    @inproc
    Scenario: There is room again, and nothing is lost
      Given the app is open
      And the disk is full
      And Ada types "Engines weave."
      And one second has passed
      And the disk works again
      And 3 seconds have passed
      When the computer is shut down
      Then the app ends without a word
      And the note "Engines weave." is still on the disk
      And nothing else happened

  @NT-3
  Rule: Notes written before a sign-in join the person's notes if she says so, and are never hidden without a word

    The app is used for a while before somebody signs in, and a server may lose an account and give
    its owner another one. What was written until then is on this computer, and nobody but its
    writer knows whose it is: she is asked, once.

    Scenario: Ada signs in, and is asked about what she wrote before
      Given the app is open
      And Ada wrote the note "Engines weave."
      When Ada signs in
      Then it says "1 note that was written on this computer outside this account: add to yours?"
      And the note "Engines weave." is still on the disk
      And the server holds no note
      And this happened, and nothing else:
        | server   | sign-in, session check, notes                   |
        | keychain | write key                                       |
        | disk     | write tokens, write profile, write sync state   |

    @inproc
    Scenario: Nothing is written yet, and what she writes from then on is in her account
      Given the app is open
      And Ada has signed in
      And Ada types "Engines weave."
      And one second has passed
      When Ada presses "sync"
      Then the server holds the note "Engines weave."
      And it does not say "add to yours?"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes                        |
        | disk   | write note, write sync state |

    Scenario: It joins her notes
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada has signed in
      And Ada has pressed "add to my notes"
      When Ada presses "sync"
      Then it says "Engines weave."
      And it says "Among your notes now"
      And "delete" can be pressed
      And the server holds the note "Engines weave."
      And this happened, and nothing else:
        | server | notes                                           |
        | disk   | write note, write whose notes, write sync state |

    @desktop
    Scenario: The app is slow to answer, and she adds to hers a note of which the last word is not saved yet
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada has signed in
      And the app does not answer the window yet
      When Ada presses the keys "Ctrl+End, ' Ha', Alt+O"
      Then the window looks like this:
        | notes apart | says "Among your notes now: 1 note" |
        | first row   | says "Engines weave. Ha"; chosen    |
        | second row  | not there                           |
        | note        | "Engines weave. Ha"                 |
      And Ada's tokens are kept
      And this happened, and nothing else:
        | disk | write note, write note, write what stays apart, delete note |

    @desktop
    Scenario: It is slow, half of the note is saved, and she has begun another one by then
      Given Ada is signed in
      And Ada wrote the note "Note 1."
      And Ada has pressed "sign out"
      And Ada has pressed "restart"
      And Ada wrote the note "Engines weave."
      And Ada has signed in
      And the app does not answer the window yet
      When Ada presses the keys "Ctrl+End, ' Numbers', Ctrl+E, ' follow.', Alt+W, 'X', Alt+O"
      Then the window looks like this:
        | notes apart | says "Among your notes now: 1 note"    |
        | first row   | says "Engines weave. Num"; not chosen  |
        | second row  | says "X"; chosen                       |
        | third row   | says "Note 1."                         |
        | note        | "X"                                    |
      And Ada's tokens are kept
      And this happened, and nothing else:
        | disk | write note, write note, write note, write what stays apart, delete note, write note |

    @inproc
    Scenario: The disk does not confirm it, so the note stays where it was, however often she tries
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada has signed in
      And the disk is unable to confirm a change
      And Ada has pressed "add to my notes"
      When Ada presses "add to my notes"
      Then it says "The disk did not confirm the change of the file of your notes."
      And 1 note is left on the disk
      And Ada's tokens are kept
      And this happened, and nothing else:
        | disk | write note, delete note |

    @inproc
    Scenario: Nobody presses "sync", and it goes to the server all the same
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada has signed in
      And Ada has pressed "add to my notes"
      When 2 minutes pass
      Then the server holds the note "Engines weave."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes                                           |
        | disk   | write note, write whose notes, write sync state |

    Scenario: She takes that back
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada has signed in
      And Ada has pressed "add to my notes"
      And Ada has pressed "sync"
      And Ada has pressed "undo"
      When Ada presses "sync"
      Then the window looks like this:
        | note           | ""                                       |
        | below the note | "This note is not among yours any more." |
      And it says "Apart from your notes: 1 note"
      And it does not say "Engines weave."
      And the note "Engines weave." is still on the disk
      And the server holds no note
      And this happened, and nothing else:
        | server | notes                         |
        | disk   | delete note, write sync state |

    Scenario: It stays this computer's, and is there when she has signed out
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada has signed in
      And Ada has pressed "keep apart"
      And Ada has pressed "sign out"
      When Ada presses "restart"
      Then it says "Engines weave."
      And nothing else happened

    Scenario: It stayed apart, and she wants it after all
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada has signed in
      And Ada has pressed "keep apart"
      And Ada has pressed "undo"
      When Ada presses "add to my notes"
      Then it says "Among your notes now: 1 note"
      And this happened, and nothing else:
        | disk | write note, write what stays apart, delete note |

    @inproc
    Scenario: Her session has expired by the time she answers
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada has signed in
      And the server has ended Ada's session
      And Ada has pressed "sync"
      When Ada presses "add to my notes"
      Then it says "Among your notes now: 1 note"
      And the window shows Ada with an expired session
      And no token is stored
      And this happened, and nothing else:
        | disk | write note, write what stays apart, delete note |

    @inproc
    Scenario: Her session ends before she has answered, and the question stays
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada has signed in
      And the server has ended Ada's session
      When Ada presses "sync"
      Then the window shows Ada with an expired session
      And it says "1 note that was written on this computer outside this account: add to yours?"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | notes, refresh                                                |
        | keychain | delete key                                                    |
        | disk     | write journal, delete journal, write history, delete tokens   |
        | notice   | Session expired. Sign in again to restore cloud features.     |

    @inproc
    Scenario: She is offline by the time she answers
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada has signed in
      And the server can't be reached
      And Ada has pressed "sync"
      When Ada presses "add to my notes"
      Then it says "Among your notes now: 1 note"
      And the window shows Ada offline
      And Ada's tokens are kept
      And this happened, and nothing else:
        | disk | write note, write what stays apart, delete note |

    @inproc
    Scenario: The folder that it was in can't be read any more by the time she answers, and she has it all the same, once
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada has signed in
      And the folder of the notes was replaced by a file
      And Ada has pressed "add to my notes"
      When Ada presses "sync"
      Then Ada's account holds the note "Engines weave."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes                                            |
        | disk   | write note, write whose notes, write sync state |

    @inproc
    Scenario: She is asked once
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada wrote the note "Numbers follow."
      And Ada has signed in
      And Ada has pressed "keep apart"
      And the window was closed
      When Ada opens the app
      Then it does not say "add to yours?"
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                      |
        | keychain | read key                                                           |
        | disk     | write journal, write tokens, delete journal, write sync state      |

    @inproc
    Scenario: She writes another one signed out, and is asked about that one alone
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada has signed in
      And Ada has pressed "keep apart"
      And Ada has pressed "sign out"
      And Ada has pressed "restart"
      And Ada wrote the note "Numbers follow."
      When Ada signs in
      Then it says "1 note that was written on this computer outside this account: add to yours?"
      And Ada's tokens are stored
      And what is usual at a sign-in happened, and nothing else

    @inproc
    Scenario Outline: She presses "<first>" for one note and "<second>" for the next, and undoes the last
      Given the app is open
      And Ada wrote the note "Engines weave."
      And Ada has signed in
      And Ada has pressed "<first>"
      And Ada has pressed "sign out"
      And Ada has pressed "restart"
      And Ada wrote the note "Numbers follow."
      And Ada has signed in
      And Ada has pressed "<second>"
      When Ada presses "undo"
      Then it says "<then>"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | disk | <disk> |

      Examples:
        | first           | second          | then                                                                           | disk                                                                                                                     |
        | keep apart      | add to my notes | Apart from your notes: 2 notes                                                 | write note, write what stays apart, delete note, write what stays apart                                                  |
        | add to my notes | keep apart      | Apart from your notes: 2 notes                                                 | write note, write what stays apart, delete note, write what stays apart                                                  |
        | add to my notes | add to my notes | Apart from your notes: 2 notes                                                 | write note, write what stays apart, delete note, write note, write what stays apart, delete note, write what stays apart |
        | keep apart      | keep apart      | 2 notes that were written on this computer outside this account: add to yours? | write what stays apart                                                                                                   |

    @inproc
    Scenario: Her account was deleted and made again, and what the server never had is found
      Given Ada is signed in
      And Ada wrote the note "Numbers follow."
      And Ada has pressed "delete"
      And Ada wrote the note "Engines weave."
      And Ada's account was deleted and made again
      And Ada has pressed "sync"
      And Ada has signed in
      When Ada presses "add to my notes"
      Then it says "Engines weave."
      And it says "Among your notes now: 1 note"
      And this happened, and nothing else:
        | disk | write note, write what stays apart, delete note |

    @inproc
    Scenario: So it is found at a start that does not know her e-mail before the server has said it
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And Ada's account was deleted and made again
      And Ada has pressed "sync"
      And Ada has signed in
      And the window was closed
      And the cached profile is gone
      When Ada opens the app
      Then it says "1 note that was written on this computer outside this account: add to yours?"
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                                |
        | keychain | read key                                                                     |
        | disk     | write journal, write tokens, delete journal, write profile, write sync state |

    @inproc
    Scenario: What the account that is gone had synced goes to the one in its place
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And Ada has pressed "sync"
      And Ada's account was deleted and made again
      And Ada has pressed "sync"
      And Ada has signed in
      And Ada has pressed "add to my notes"
      When Ada presses "sync"
      Then Ada's account holds the note "Engines weave."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes                                           |
        | disk   | write note, write whose notes, write sync state |

    @inproc
    Scenario: Her other computer had synced it too, and was asked first, so she has both of its texts
      Given Ada is signed in
      And Ada wrote the note "First thoughts"
      And Ada has pressed "sync"
      And Ada's account was deleted and made again
      And Ada has pressed "sync"
      And Ada has signed in
      And Ada has added the note as "From the train" on another computer
      And Ada has pressed "add to my notes"
      When Ada presses "sync"
      Then it says "From the train"
      And it says "First thoughts"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes, notes                                                            |
        | disk   | write note, write whose notes, write note, write note, write sync state |

    @inproc
    Scenario: Somebody gives up the notes of an account that is gone for good
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And the window was closed
      When the app's command gives up an account's notes
      Then the command succeeds and says "Notes that are this computer's now: 1. Whoever signs in next is asked whether they join hers."
      And the note "Engines weave." is still on the disk
      And 1 note is left on the disk
      And Ada's tokens are kept
      And nothing else happened

    @inproc
    Scenario Outline: Somebody looks whose notes are on this computer: <begun>, <since>
      Given <begun>
      And Ada wrote the note "Engines weave."
      And <since>
      When the app's command lists whose notes are here
      Then the command succeeds and says "<listed>"
      And the command succeeds and says "<in all>"
      And nothing else happened

      Examples:
        | begun            | since                               | listed                                                                                                      | in all          |
        | the app is open  | one second has passed               | nobody             written signed out: 1, the last changed on 2030-03-17; at no server: 1                   | 1 folder, in    |
        | Ada is signed in | one second has passed               | an account's: 1, the last changed on 2030-03-17; at no server: 1                                            | 1 folder, in    |
        | Ada is signed in | Ada has pressed "sync"              | an account's: 1, the last changed on 2030-03-17; at no server: 0                                            | 1 folder, in    |
        | Ada is signed in | the file of the note was damaged    | an account's: 0, the last changed on no day; at no server: 0. What is in 1 file of your notes can't be read | 1 folder, in    |
        | Ada is signed in | Ada has pressed "delete"            | No notes are in                                                                                             | No notes are in |

    @inproc
    Scenario: What was written signed out is no account's to be given up
      Given the app is open
      And Ada wrote the note "Engines weave."
      When the app's command gives up those written signed out
      Then the command fails and says "No account's notes are called 'nobody'."
      And the note "Engines weave." is still on the disk
      And nothing else happened

    @inproc
    Scenario: The file of one of her notes is damaged
      Given the app is open
      And Ada wrote the note "Engines weave."
      And the window was closed
      And the file of the note was damaged
      When Ada opens the app
      Then it says "What is in 1 file of your notes can't be read, so it is not shown. Nothing was deleted: "
      And it does not say "Engines weave."
      And this happened, and nothing else:
        | notice | What is in 1 file of your notes can't be read, so it is not shown. Nothing was deleted: it is in the app's folder, under notes/nobody. Put a whole copy there, from a backup, to have it back. |

    @inproc
    Scenario: She puts a whole copy of it there, and has it back, though the file is damaged once more
      Given the app is open
      And Ada wrote the note "Engines weave."
      And the window was closed
      And the file of the note was damaged
      And the app is open
      And the file of the note was put back from a backup
      And 5 seconds have passed
      And the file of the note was damaged
      When 5 seconds pass
      Then it says "Engines weave."
      And nothing else happened

    @inproc
    Scenario: She has put a copy of the file beside it, which does not take the place of what she writes
      Given the app is open
      And Ada wrote the note "First thoughts"
      And the file of the note was copied beside it
      And Ada changed the note to "Second thoughts"
      When 5 seconds pass
      Then it says "Second thoughts"
      And it does not say "First thoughts"
      And this happened, and nothing else:
        | notice | What is in 1 file of your notes can't be read, so it is not shown. Nothing was deleted: it is in the app's folder, under notes/nobody. Put a whole copy there, from a backup, to have it back. |

    @inproc
    Scenario Outline: What can't be read is gone, and when it is there again she reads it again: <what>
      Given the app is open
      And Ada wrote the note "First thoughts"
      And <what>
      And 5 seconds have passed
      And <gone>
      And 5 seconds have passed
      And <what>
      When 5 seconds pass
      Then it says "First thoughts"
      And this happened, and nothing else:
        | notice | <sentence> |

      Examples:
        | what                                          | gone                                | sentence |
        | the file of the note was copied beside it     | the copy of the note was taken away | What is in 1 file of your notes can't be read, so it is not shown. Nothing was deleted: it is in the app's folder, under notes/nobody. Put a whole copy there, from a backup, to have it back. |
        | the folder of the notes was replaced by a file | the folder of the notes was put back | The folder of your notes can't be read, so they are not shown. Nothing was deleted: it is in the app's folder, under notes/nobody. Make it yours again (its owner and permissions). |

    @inproc
    Scenario: The file is damaged, and the app was killed besides: Ada reads both
      Given the app is open
      And Ada wrote the note "Engines weave."
      And the app is killed
      And the file of the note was damaged
      When Ada opens the app
      Then it says "The app ended last time without being closed."
      And it says "What is in 1 file of your notes can't be read, so it is not shown. Nothing was deleted: "
      And this happened, and nothing else:
        | notice | The app ended last time without being closed. What was typed is kept up to hh:mm:ss. What is in 1 file of your notes can't be read, so it is not shown. Nothing was deleted: it is in the app's folder, under notes/nobody. Put a whole copy there, from a backup, to have it back. |

    @inproc
    Scenario: Her session has ended besides, and when she has signed in again she reads of the file alone
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And the window was closed
      And the file of the note was damaged
      And the server has ended Ada's session
      And the app is open
      When Ada signs in
      Then it does not say "Session expired. Sign in again to restore cloud features."
      And it says "What is in 1 file of your notes can't be read, so it is not shown. Nothing was deleted: "
      And Ada's tokens are stored
      And what is usual at a sign-in happened, and nothing else

    @inproc
    Scenario: She has read of the file, and when her session ends she reads of that alone
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And the window was closed
      And the file of the note was damaged
      And the app is open
      And Ada has pressed "dismiss"
      And the computer's clock is a day ahead
      And Ada has pressed "sync"
      And the server has ended Ada's session
      When Ada presses "sync"
      Then the window shows Ada with an expired session
      And it does not say "What is in 1 file of your notes can't be read, so it is not shown. Nothing was deleted: "
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | notes, refresh                                              |
        | keychain | delete key                                                  |
        | disk     | write journal, delete journal, write history, delete tokens |
        | notice   | Session expired. Sign in again to restore cloud features.   |

    @inproc
    Scenario: Ada's e-mail is Bob's since, and he is not asked about what she wrote under it
      Given each server counts its users
      And Ada is signed in
      And Ada wrote the note "Engines weave."
      And 6 minutes have passed
      And the answer to the next "session check" request is 200 json - {"session":{"expiresAt":"2030-03-18T00:00:00.000Z"},"user":{"id":"1","name":"Ada King","email":"ada.king@example.com"}}
      And Ada has pressed "sync"
      And Ada has pressed "sign out"
      And Ada has pressed "restart"
      And Bob has signed in
      And 6 minutes have passed
      And the answer to the next "session check" request is 200 json - {"session":{"expiresAt":"2030-03-18T00:00:00.000Z"},"user":{"id":"2","name":"Bob","email":"ada@example.com"}}
      When Bob presses "sync"
      Then it says "ada@example.com"
      And it does not say "add to yours?"
      And it does not say "Engines weave."
      And Bob's tokens are kept
      And this happened, and nothing else:
        | server | notes, session check            |
        | disk   | write sync state, write profile |

    @inproc
    Scenario: What Bob wrote in his account is nothing to ask Ada about
      Given Bob is signed in
      And Bob wrote the note "Dear diary"
      And Bob has pressed "sign out"
      And Bob has pressed "restart"
      When Ada signs in
      Then it does not say "add to yours?"
      And it does not say "Dear diary"
      And this happened, and nothing else:
        | server   | sign-in, session check, notes                   |
        | keychain | write key                                       |
        | disk     | write tokens, write profile, write sync state   |

  @NT-4
  Rule: Two computers that changed one note keep both texts, and a text outlives a deletion

    Which of two texts is the right one only their writer can say. So neither replaces the other:
    they become two notes.

    Scenario: Ada goes on with a note that she has changed on another computer
      Given Ada is signed in
      And Ada wrote the note "First thoughts"
      And Ada has pressed "sync"
      And Ada has changed the note to "From the train" on another computer
      And Ada changed the note to "From the desk"
      When Ada presses "sync"
      Then it says "From the train"
      And it says "From the desk"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes, notes                                         |
        | disk   | write note, write note, write note, write sync state |

    @inproc
    Scenario: She types on after that, and it goes on with her own text
      Given Ada is signed in
      And Ada types "First thoughts"
      And 2 seconds have passed
      And Ada has pressed "sync"
      And Ada has changed the note to "From the train" on another computer
      And Ada types ", and second ones"
      And one second has passed
      And Ada has pressed "sync"
      And Ada types ", and third ones"
      When one second passes
      Then it says "From the train"
      And it says "First thoughts, and second ones, and third ones"
      And 2 notes are left on the disk
      And Ada's tokens are kept
      And this happened, and nothing else:
        | disk | write note |

    Scenario: She has deleted it there
      Given Ada is signed in
      And Ada wrote the note "First thoughts"
      And Ada has pressed "sync"
      And Ada has deleted the note on another computer
      And Ada changed the note to "Second thoughts"
      When Ada presses "sync"
      Then it says "Second thoughts"
      And it does not say "First thoughts"
      And the server holds the note "Second thoughts"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes, notes                                          |
        | disk   | write note, delete note, write note, write sync state |

    Scenario: She has changed it there, and deletes here what she has not seen
      Given Ada is signed in
      And Ada wrote the note "First thoughts"
      And Ada has pressed "sync"
      And Ada has changed the note to "From the train" on another computer
      And Ada has pressed "delete"
      When Ada presses "sync"
      Then it says "From the train"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes                        |
        | disk   | write note, write sync state |

    @inproc
    Scenario: The server was set back to an older text than the one that she went on with
      Given Ada is signed in
      And the answer to the next "notes" request is 200 json - {"notes":[{"id":"0123456789ab","text":"Second thoughts","changedAt":1900000001.0,"deleted":false,"revision":8}],"taken":{},"upTo":8,"more":false,"room":900}
      And Ada has pressed "sync"
      And Ada changed the note to "From the desk"
      And the answer to the next "notes" request is 200 json - {"notes":[{"id":"0123456789ab","text":"First thoughts","changedAt":1900000000.0,"deleted":false,"revision":7}],"taken":{},"upTo":7,"more":false,"room":900}
      When Ada presses "sync"
      Then it says "First thoughts"
      And it says "From the desk"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes, notes                                         |
        | disk   | write note, write note, write note, write sync state |

    @inproc
    Scenario: The file of a note is damaged, and the server has the note: the file is kept beside it
      Given each server counts its users
      And Ada is signed in
      And Ada wrote the note "Engines weave."
      And Ada has pressed "sync"
      And the window was closed
      And the file of the note was damaged
      When Ada opens the app
      Then it says "Engines weave."
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                                              |
        | keychain | read key                                                                                   |
        | disk     | write journal, write tokens, delete journal, set aside note, write note, write sync state |
        | notice   | What is in 1 file of your notes can't be read, so it is not shown. Nothing was deleted: it is in the app's folder, under notes/8207c5e63f17f99e. Put a whole copy there, from a backup, to have it back. |

    @inproc
    Scenario: The answer is lost, and she writes on
      Given Ada is signed in
      And Ada wrote the note "First thoughts"
      And the next "notes" request is carried out and its answer is lost
      And Ada has pressed "sync"
      And Ada changed the note to "First thoughts, and second ones"
      When 10 seconds pass
      Then the server holds the note "First thoughts, and second ones"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes, notes                             |
        | disk   | write note, write note, write sync state |

    @inproc
    Scenario: The disk does not confirm what Ada's text becomes, so it stays in its place, however often she syncs
      Given Ada is signed in
      And Ada wrote the note "First"
      And Ada has pressed "sync"
      And Ada has changed the note to "From the train" on another computer
      And Ada changed the note to "From the desk"
      And the disk is unable to confirm a change
      And Ada has pressed "sync"
      When Ada presses "sync"
      Then it says "The disk did not confirm the change of the file of your notes."
      And it says "From the desk"
      And it does not say "From the train"
      And 1 note is left on the disk
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes                   |
        | disk   | write note, delete note |

  @NT-5
  Rule: A limit is said before a text is typed, and costs none that is there

    Scenario: There are as many notes as there is room for
      Given 2,000 notes were written on the computer
      When Ada opens the app
      Then it says "There is room for 2,000 notes. Delete one before you begin another; all of yours are kept."
      And nothing else happened

    @inproc
    Scenario: Where there is room for none, nothing can be typed that would be lost
      Given 2,000 notes were written on the computer
      And the app is open
      And Ada types "Engines weave."
      When one second passes
      Then it does not say "Engines weave."
      And it does not say "Not saved"
      And nothing else happened

    Scenario: There is room for one
      Given 1,999 notes were written on the computer
      When Ada opens the app
      Then it does not say "There is room for"
      And nothing else happened

    @inproc
    Scenario: Where there is room for none, Ada writes on in one that she has
      Given 2,000 notes were written on the computer
      And the app is open
      And Ada has opened the oldest note
      And Ada types " Engines weave."
      When one second passes
      Then it does not say "Not saved"
      And this happened, and nothing else:
        | disk | write note |

    @inproc
    Scenario: A note that was begun while there was room is kept
      Given 2,000 notes were written on the computer
      And the app is open
      When Ada writes the note "Engines weave."
      Then the note "Engines weave." is still on the disk
      And this happened, and nothing else:
        | disk | write note |

    @inproc
    Scenario: The oldest note is open, and stays in the list
      Given 2,000 notes were written on the computer
      And the app is open
      And Ada has opened the oldest note
      When Ada writes the note "Engines weave."
      Then it says "Note 0."
      And it does not say "Note 1."
      And this happened, and nothing else:
        | disk | write note |

    @inproc
    Scenario Outline: Ada reads what the disk can't do when she opens the app: <the disk>
      Given <the disk>
      When Ada opens the app
      Then it says "<sentence>"
      And it says "Once you sign in, your session is encrypted on this computer."
      And it does not say "<other>"
      And nothing else happened

      Examples:
        | the disk                                   | sentence                                                                                                     | other     |
        | the disk is full                           | The disk of the app's folder is full: nothing can be saved until some of it is freed.                        | no locks  |
        | the file system has no locks               | The file system of the app's folder has no locks: use one copy of the app at a time.                         | is full   |
        | the file system can't confirm what it has  | The file system of the app's folder can't confirm what it stores: a power cut may cost your session.         | is full   |

    @inproc
    Scenario: The server has no room for more than Ada has written
      Given the server keeps 1 note of a person
      And Ada is signed in
      And Ada wrote the note "Engines weave."
      When Ada presses "sync"
      Then it says "The server has no room for another note. What you write is kept on this computer alone."
      And the server holds the note "Engines weave."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes                        |
        | disk   | write note, write sync state |

    @inproc
    Scenario: There is room for one at the server
      Given the server keeps 1 note of a person
      And the app is open
      When Ada signs in
      Then it does not say "The server has no room for another note. What you write is kept on this computer alone."
      And what is usual at a sign-in happened, and nothing else

    @inproc
    Scenario: What Ada has written and not synced yet takes up that room
      Given the server keeps 1 note of a person
      And Ada is signed in
      When Ada writes the note "Engines weave."
      Then it says "The server has no room for another note. What you write is kept on this computer alone."
      And the server holds no note
      And Ada's tokens are kept
      And this happened, and nothing else:
        | disk | write note, write whose notes |

    @inproc
    Scenario: One that the server has already, and she has only changed, takes up none
      Given the server keeps 2 notes of a person
      And Ada is signed in
      And Ada wrote the note "First thoughts"
      And Ada has pressed "sync"
      When Ada changes the note to "Second thoughts"
      Then it does not say "The server has no room for another note. What you write is kept on this computer alone."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | disk | write note |

    @inproc
    Scenario: Three notes of hers wait to be synced, and the oldest one gets the room
      Given the server keeps 1 note of a person
      And Ada is signed in
      And Ada wrote the note "Engines weave."
      And one second has passed
      And Ada wrote the note "Numbers follow."
      And Ada wrote the note "Second thoughts"
      When Ada presses "sync"
      Then it says "The server has no room for “Numbers follow.” and 1 more. What you write is kept on this computer; delete notes to make room."
      And the server holds the note "Engines weave."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes      |
        | disk   | write note |

    @inproc
    Scenario: She opens the app again, and the server can't be reached
      Given the server keeps 1 note of a person
      And Ada is signed in
      And Ada wrote the note "Engines weave."
      And Ada has pressed "sync"
      And the window was closed
      And the server can't be reached
      When Ada opens the app
      Then it says "The server has no room for another note. What you write is kept on this computer alone."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh        |
        | keychain | read key       |
        | disk     | write journal, delete journal |

    @inproc
    Scenario: What she writes all the same is kept, and named
      Given the server keeps 1 note of a person
      And Ada is signed in
      And Ada wrote the note "Engines weave."
      And Ada has pressed "sync"
      And Ada wrote the note "Numbers follow."
      When Ada presses "sync"
      Then it says "The server has no room for “Numbers follow.”. What you write is kept on this computer; delete notes to make room."
      And the note "Numbers follow." is still on the disk
      And the server holds the note "Engines weave."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes |

  @NT-6
  Rule: A note that was deleted can be had back, until something else is begun

    Nobody is asked whether she means it: who is asked each time does not read the question. What
    helps is that it can be undone at once, with the text as it was.

    @desktop
    Scenario Outline: Ada deletes the middle one of three notes by <how>, and <what>
      Given 3 notes were written on the computer
      And the app is open
      And Ada has pressed the keys "Alt+N, Shift+Tab, Down 2 times"
      When Ada presses the keys "<keys>"
      Then the window looks like this:
        | note           | "<text>"           |
        | <at>           | at the keyboard    |
        | first row      | says "<first>"; <chosen> |
        | below the note | "<said>"           |
        | undo delete    | <undo>             |
        | delete         | <delete>           |
        | hint           | <hint>             |
      And this happened, and nothing else:
        | disk | <written> |

      Examples:
        | how            | what                          | keys           | text    | at   | first   | chosen     | said                   | undo        | delete      | hint                                      | written                 |
        | the Delete key | goes on in the list           | Delete         |         | list | Note 2. | not chosen | Note deleted.          | can be used | not there   | "Write something. It is kept as you type." | delete note             |
        | the Delete key | has it back                   | Delete, Alt+U  | Note 1. | note | Note 1. | chosen     | Saved on this computer | not there   | can be used | not there                                 | delete note, write note |
        | its letter     | writes another in its place   | Alt+D, 'X'     | X       | note | X       | chosen     | Saved on this computer | not there   | can be used | not there                                 | delete note, write note |
        | its letter     | opens the one above           | Alt+D, Shift+Tab, Down | Note 2. | list | Note 2. | chosen | Saved on this computer | not there   | can be used | not there                                 | delete note             |
