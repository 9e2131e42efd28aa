@inproc
Feature: Whose it is

  A computer can have several copies of the app on it, several people in front of it, one after the
  other, and an account at more than one server. The worst that an app which keeps sessions can do
  is to mix them: a page of Ada's diary that ends in Bob's account can't be taken back. So
  everything that is done for a person belongs to an owner: the server, the person, and the one
  session of that person in which it was begun. What belongs to one owner never goes on with
  another's token, name, notes or answer; it ends instead, and is kept where it is.

  @OW-1
  Rule: A request goes with the token of the one who made it, or not at all

    Scenario: Bob signs in in another copy while Ada's notes are on their way
      Given Ada is signed in
      And another copy of the app is open
      And Ada wrote the note "Dear diary"
      And Ada's access token has run out
      And the next "notes" request is not answered yet
      And Ada has pressed "sync"
      And Bob has signed in in the other copy
      When the server answers
      Then "Dear diary" went to no server with Bob's token
      And Bob's account holds no note
      And the window shows Bob signed in
      And it does not say "Dear diary"
      And the note "Dear diary" is still on the disk
      And Bob's tokens are renewed
      And what is usual at a start happened, and nothing else

    Scenario: The keychain does not answer for a while, so the app can't see whose the new tokens are
      Given Ada is signed in
      And another copy of the app is open
      And Ada wrote the note "Dear diary"
      And Ada's access token has run out
      And the next "notes" request is not answered yet
      And Ada has pressed "sync"
      And Bob has signed in in the other copy
      And the keychain does not answer
      And 10 seconds have passed
      And the keychain works again
      When the server answers
      Then "Dear diary" went to no server with Bob's token
      And Bob's account holds no note
      And the window shows Bob signed in
      And Bob's tokens are renewed
      And what is usual at a start happened, and nothing else

    Scenario: Bob signs in after Ada while her notes are on their way, in the same copy
      Given Ada is signed in
      And Ada wrote the note "Dear diary"
      And Ada's access token has run out
      And the next "notes" request is not answered yet
      And 2 minutes have passed
      And Ada has pressed "sign out"
      And Ada has pressed "restart"
      And Bob has signed in
      When the server answers
      Then "Dear diary" went to no server with Bob's token
      And Bob's account holds no note
      And the window shows Bob signed in
      And Bob's tokens are kept
      And nothing else happened

    Scenario: Ada has a note summarised, and Bob signs in in another copy meanwhile
      Given Ada is signed in
      And another copy of the app is open
      And Ada wrote the note "Dear diary"
      And Ada's access token has run out
      And the next "summary" request is not answered yet
      And Ada has pressed "summarise"
      And Bob has signed in in the other copy
      When the server answers
      Then "Dear diary" went to no server with Bob's token
      And the window shows Bob signed in
      And Bob's tokens are renewed
      And what is usual at a start happened, and nothing else

    Scenario: Bob's tokens take the place of Ada's before the server could say whose either are
      Given a server that hands out JWTs
      And another program has stored Ada's tokens, and did not say whose they are
      And the server can't be reached
      And the app is open
      And the server can be reached again
      And Ada's access token has run out
      And the next "JWT" request is not answered yet
      And the app itself is asking the server for her name, with a JWT
      And another program has stored Bob's tokens, and did not say whose they are
      When the server answers
      Then that call failed with "No access token available"
      And the app holds no JWT
      And the window shows Bob signed in
      And Bob's tokens are renewed
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                                                |
        | disk     | write journal, write tokens, delete journal, write tokens, write profile, write sync state   |

    Scenario: Bob's tokens are stored after Ada's session has ended, and until the server can be asked nobody is named
      Given Ada is signed in
      And the server has ended Ada's session
      And Ada has pressed "sync"
      And the window was closed
      And another program has stored Bob's tokens, and did not say whose they are
      And the server can't be reached
      When Ada opens the app
      Then it does not say "Ada"
      And it says "You stay signed in"
      And the stored tokens are kept
      And this happened, and nothing else:
        | server   | refresh                       |
        | keychain | read key                      |
        | disk     | write journal, delete journal |

    Scenario: Bob's refresh token takes the place of Ada's, and nobody knows that it is his
      Given Ada is signed in
      And Ada wrote the note "Dear diary"
      And another program has stored Bob's refresh token in place of Ada's
      And Ada's access token has run out
      When Ada presses "sync"
      Then "Dear diary" went to no server with Bob's token
      And the window shows Bob signed in
      And Bob's tokens are renewed
      And this happened, and nothing else:
        | server | refresh, session check, notes                                                              |
        | disk   | write journal, write tokens, delete journal, write tokens, write profile, write sync state |

  @OW-2
  Rule: So it is with a JWT, which says who somebody is

    Scenario: The API refuses Ada's JWT after Bob has signed in
      Given a server that hands out JWTs
      And Ada is signed in
      And the next "who am I" request is refused, but not yet
      And the app itself is asking the server for her name, with a JWT
      And Ada has pressed "sign out"
      And Ada has pressed "restart"
      And Bob has signed in
      When the server answers
      Then that call failed with "No access token available"
      And the app holds no JWT
      And the window shows Bob signed in
      And Bob's tokens are kept
      And nothing else happened

    Scenario: Bob wants one of his own while Ada's is still fetched
      Given a server that hands out JWTs
      And Ada is signed in
      And the next "JWT" request is not answered yet
      And the app itself is asking the server for her name, with a JWT
      And Ada has pressed "sign out"
      And Ada has pressed "restart"
      And Bob has signed in
      And the app itself is asking the server for his name, with a JWT
      When one second passes
      Then that call was answered for Bob
      And Bob's tokens are kept
      And nothing else happened

    Scenario: Bob signs in in another copy while Ada's JWT is fetched
      Given a server that hands out JWTs
      And Ada is signed in
      And another copy of the app is open
      And Ada's access token has run out
      And the next "JWT" request is not answered yet
      And the app itself is asking the server for her name, with a JWT
      And Bob has signed in in the other copy
      When the server answers
      Then that call failed with "No access token available"
      And the app holds no JWT
      And the window shows Bob signed in
      And Bob's tokens are renewed
      And what is usual at a start happened, and nothing else

    Scenario: Bob has signed in in another copy, and this one has not looked yet
      Given a server that hands out JWTs
      And Ada is signed in
      And another copy of the app is open
      And the app itself has asked the server who is signed in, with a JWT
      And Bob has signed in in the other copy
      When the app itself asks the server who is signed in, with a JWT
      Then the call fails with "No access token available"
      And the app holds no JWT
      And the window shows Bob signed in
      And Bob's tokens are renewed
      And what is usual at a start happened, and nothing else

  @OW-3
  Rule: An answer is for the one who asked

    Scenario: Ada asks where she is signed in, and the answer comes when Bob is
      Given Ada is signed in
      And Ada is signed in with Firefox on Windows too
      And the next "list of sessions" request is not answered yet
      And Ada has pressed "where am I signed in"
      And Ada has pressed "sign out"
      And Ada has pressed "restart"
      And Bob has signed in
      When the server answers
      Then it does not say "Firefox on Windows"
      And the window shows Bob signed in
      And Bob's tokens are kept
      And nothing else happened

    Scenario: The app's own call of Ada's is answered when Bob is signed in
      Given a server that hands out JWTs
      And Ada is signed in
      And another copy of the app is open
      And the next "who am I" request is not answered yet
      And the app itself is asking the server for her name, with a JWT
      And Bob has signed in in the other copy
      And 10 seconds have passed
      When the server answers
      Then that call failed with "No access token available"
      And the window shows Bob signed in
      And Bob's tokens are kept
      And nothing else happened

  @OW-4
  Rule: A sign-out is of the one who signs out

    Scenario: Ada signs out in one copy when Bob has just signed in in another
      Given Ada is signed in
      And another copy of the app is open
      And Bob has signed in in the other copy
      When Ada presses "sign out"
      Then Bob's tokens are kept
      And it does not say "Ada"
      And this happened, and nothing else:
        | server   | sign-out |
        | keychain | read key |

    Scenario: A token that is nobody's stands beside her refresh token
      Given Ada is signed in
      And another program has stored "a token" in place of Ada's access token
      When Ada presses "sign out"
      Then the window shows that a restart is needed
      And Ada's tokens are gone
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server   | sign-out, sign-out                                   |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |

  @OW-5
  Rule: Name and notes are those of the one whose tokens are on file

    Scenario: Ada's name can't be written anew, and is kept; Bob's can't be written in the place of hers, so none is kept
      Given Ada is signed in
      And the server has ended Ada's session
      And Ada has pressed "sync"
      And the disk is unable to write the profile
      And Ada has signed in
      And the server has ended Ada's session
      And Ada has pressed "sync"
      When Bob signs in
      Then the window shows Bob signed in
      And no settings are left
      And Bob's tokens are stored
      And this happened, and nothing else:
        | server   | sign-in, session check, notes                  |
        | keychain | write key                                      |
        | disk     | write tokens, delete profile, write sync state |

    @inproc
    Scenario: Ada has mistyped her password here, Bob signs in in another copy, and the form of his expired session is his
      Given the app is open
      And another copy of the app is open
      And Ada's sign-in has failed
      And Bob has signed in in the other copy
      And 10 seconds have passed
      And the server has ended Bob's session
      When Bob presses "sync"
      Then the window shows Bob with an expired session
      And the form holds Bob's e-mail and no password
      And Bob's tokens are gone
      And this happened, and nothing else:
        | server   | notes, refresh                                                 |
        | keychain | delete key                                                     |
        | disk     | write journal, delete journal, write history, delete tokens    |
        | notice   | Session expired. Sign in again to restore cloud features.      |

    Scenario: Ada starts offline, and Bob has signed in at another server since
      Given Ada is signed in
      And Ada wrote the note "Dear diary"
      And the window was closed
      And the app is started for another server from now on
      And Bob was signed in when the app was closed
      And the app is started for the first server again from now on
      And the server can't be reached
      When Ada opens the app
      Then the window shows Ada offline
      And it says "Dear diary"
      And the window never showed Bob offline
      And the window never showed Bob, and that the server is being asked
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh                        |
        | keychain | read key                       |
        | disk     | write journal, delete journal  |

    Scenario: What she writes there is hers, and is synced
      Given Ada is signed in
      And the window was closed
      And the app is started for another server from now on
      And Bob was signed in when the app was closed
      And the app is started for the first server again from now on
      And the server can't be reached
      And the app is open
      And Ada wrote the note "Dear diary"
      And the server can be reached again
      When Ada presses "try again"
      Then Ada's account holds the note "Dear diary"
      And the window shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | refresh, session check, notes                                             |
        | disk   | write journal, write tokens, delete journal, write note, write sync state |

    Scenario: Ada has synced as much as Bob, and he gets all of his
      Given Bob is signed in
      And Bob wrote the note "First"
      And Bob has pressed "sync"
      And Bob has changed the note to "From the train" on another computer
      And Bob has pressed "sign out"
      And Bob has pressed "restart"
      And Ada has signed in
      And Ada wrote the note "Dear diary"
      And Ada wrote the note "Second thoughts"
      And Ada has pressed "sync"
      And the server has ended Ada's session
      And Ada has pressed "sync"
      When Bob signs in
      Then it says "From the train"
      And it does not say "Dear diary"
      And Bob's tokens are stored
      And this happened, and nothing else:
        | server   | sign-in, session check, notes                             |
        | keychain | write key                                                 |
        | disk     | write tokens, write profile, write note, write sync state |

    Scenario Outline: Ada starts offline, and the cached profile <is>
      Given Ada is signed in
      And Ada wrote the note "Dear diary"
      And the window was closed
      And the cached profile <is>
      And the server can't be reached
      When Ada opens the app
      Then the window shows somebody offline
      And it says "Dear diary"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh                        |
        | keychain | read key                       |
        | disk     | write journal, delete journal  |

      Examples:
        | is                  |
        | is gone             |
        | is another person's |

    Scenario: The keychain is locked when Ada starts
      Given Ada is signed in
      And Ada wrote the note "Dear diary"
      And the window was closed
      And the keychain is locked
      When Ada opens the app
      Then it says "Dear diary"
      And it says "Ada"
      And the window shows that signing in is not possible
      And Ada's tokens are kept
      And nothing else happened

    Scenario: Ada reads why her session ended, and not why Bob's did
      Given Bob is signed in
      And the server has ended Bob's session
      And Bob has pressed "sync"
      And Ada has signed in
      And the window was closed
      And the token file was damaged
      When Ada opens the app
      Then the window shows the login form
      And it says "The file of your stored session is damaged."
      And it does not say "The server ended the session"
      And the stored tokens are kept
      And this happened, and nothing else:
        | disk   | write history |
        | notice | The file of your stored session is damaged. Sign in again; the old file is then kept under another name. |

  @OW-6
  Rule: Files of one server are not another's

    Scenario Outline: <Who> at another server has the same user id as Ada here
      Given each server counts its users
      And Ada is signed in
      And Ada wrote the note "Dear diary"
      And the window was closed
      And the app is started for another server from now on
      And the app is open
      When <Who> signs in
      Then it does not say "Dear diary"
      And it does not say "add to yours?"
      And <Who>'s account holds no note
      And "Dear diary" went to no server with <Who>'s token
      And <Who>'s tokens are stored
      And what is usual at a sign-in happened, and nothing else

      Examples:
        | Who |
        | Bob |
        | Ada |

    Scenario: Ada's last sync here is not Bob's there, nor is why her session ended
      Given each server counts its users
      And Ada is signed in
      And the server has ended Ada's session
      And Ada has pressed "sync"
      And the window was closed
      And the app is started for another server from now on
      When Bob opens the app
      Then the window shows the login form
      And it does not say "refused"
      And nothing else happened

    Scenario: Bob waits for the server, and Ada's last sync is not his
      Given Ada is signed in
      And another copy of the app is open
      And the next "notes" request is forbidden
      And the next "refresh" request is not answered yet
      And Bob has signed in in the other copy
      When 10 seconds pass
      Then the window shows Bob, and that the server is being asked
      And it is another window than before
      And the window was told of no last sync
      And Bob's tokens are kept
      And this happened, and nothing else:
        | server   | refresh       |
        | keychain | read key      |
        | disk     | write journal |

  @OW-7
  Rule: What version 0.1.0 kept goes to its owner once, or is set aside and named

    Scenario: Ada finds her notes after the update
      Given Ada was signed in when the app was closed
      And version 0.1.0 kept the note "Dear diary" of Ada, and her name
      And the server can't be reached
      When Ada opens the app
      Then the window shows Ada offline
      And it says "Dear diary"
      And the reason that is kept says "Your session ended before the update."
      And nothing of version 0.1.0 is left where it was
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh                                                                   |
        | keychain | read key                                                                  |
        | disk     | take over earlier files, write history, write journal, delete journal     |

    Scenario: She has written in this version before
      Given Ada is signed in
      And Ada wrote the note "Since then"
      And the window was closed
      And version 0.1.0 kept the note "Dear diary" of Ada, and her name
      And the server can't be reached
      When Ada opens the app
      Then it says "Since then"
      And it says "Dear diary"
      And nothing of version 0.1.0 is left where it was
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh                                                                   |
        | keychain | read key                                                                  |
        | disk     | take over earlier files, write history, write journal, delete journal     |

    Scenario: She has another name since, and her session has ended in this version, too
      Given Ada is signed in
      And the server has ended Ada's session
      And Ada has pressed "sync"
      And Ada has signed in
      And the window was closed
      And version 0.1.0 kept the note "Dear diary" of Ada, and her former name
      And the server can't be reached
      When Ada opens the app
      Then the window shows Ada offline
      And it says "Dear diary"
      And the settings hold "Ada Lovelace" and no token
      And nothing of version 0.1.0 is left where it was
      And these reasons are kept, and no other:
        | Your session ended before the update.                                            |
        | The server ended the session: it expired, or you were signed out from elsewhere. |
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh                                                                   |
        | keychain | read key                                                                  |
        | disk     | take over earlier files, write history, write journal, delete journal     |

    Scenario: Bob, who signs in first after it, gets nothing of that
      Given version 0.1.0 kept the note "Dear diary" of Ada, and her name
      And the app is open
      When Bob signs in
      Then it does not say "Dear diary"
      And what version 0.1.0 kept is still there
      And Bob's tokens are stored
      And what is usual at a sign-in happened, and nothing else

    Scenario: A server that counts its users: the same number may be somebody else's at another server
      Given each server counts its users
      And the app is open
      And version 0.1.0 kept the note "Dear diary" of Ada, and her name
      When Ada signs in
      Then it does not say "Dear diary"
      And what version 0.1.0 kept is still there
      And Ada's account holds no note
      And it says "they are in the app's folder"
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | sign-in, session check, notes                   |
        | keychain | write key                                       |
        | disk     | write tokens, set aside earlier notes, write profile, write sync state |
        | notice   | Notes that an earlier version of this app kept can't be told apart between servers, so they are not shown. Nothing was deleted: they are in the app's folder, under notes/unclaimed-6b86b273ff34fce1. |

  @OW-8
  Rule: Two copies of one person lose nothing that was written in either

    Scenario: Ada changes a note that she has just changed in another copy
      Given Ada is signed in
      And Ada wrote the note "First"
      And another copy of the app is open
      And Ada changed the note to "From the other copy" in the other copy
      When Ada changes the note to "From this copy"
      Then it says "From the other copy"
      And it says "From this copy"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | disk | write note |

    Scenario: Ada writes the same in both, and goes on in this one
      Given Ada is signed in
      And Ada wrote the note "First"
      And another copy of the app is open
      And Ada changed the note to "Second" in the other copy
      And Ada changed the note to "Second"
      When Ada changes the note to "Numbers follow."
      Then it says "Numbers follow."
      And it does not say "Second"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | disk | write note |

    Scenario: Ada writes on in another copy while her note is on its way to the server
      Given Ada is signed in
      And another copy of the app is open
      And Ada wrote the note "First"
      And 5 seconds have passed
      And the next "notes" request is not answered yet
      And Ada has pressed "sync"
      And Ada changed the note to "From the other copy" in the other copy
      When the server answers
      Then it says "From the other copy"
      And the server holds the note "From the other copy"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes                                    |
        | disk   | write note, write note, write sync state |

    Scenario: Ada writes in another copy while what she wrote on another computer is on its way to this one
      Given Ada is signed in
      And Ada wrote the note "First"
      And Ada has pressed "sync"
      And another copy of the app is open
      And Ada has changed the note to "From the train" on another computer
      And the next "notes" request is not answered yet
      And Ada has pressed "sync"
      And Ada changed the note to "From the other copy" in the other copy
      When the server answers
      Then it says "From the train"
      And it says "From the other copy"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes                                                |
        | disk   | write note, write note, write note, write sync state |

    Scenario: What Ada writes in another copy is here within seconds
      Given Ada is signed in
      And Ada wrote the note "First"
      And another copy of the app is open
      And Ada changed the note to "From the other copy" in the other copy
      When 5 seconds pass
      Then it says "From the other copy"
      And Ada's tokens are kept
      And nothing else happened

    Scenario: A note that was deleted in another copy stays deleted, and what was written since is kept
      Given Ada is signed in
      And Ada wrote the note "First"
      And another copy of the app is open
      And Ada has deleted the note in the other copy
      When Ada changes the note to "Second"
      Then it says "Second"
      And it does not say "First"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | disk | write note |

    Scenario: Bob takes Ada's place before what she has typed is saved, and she has changed the note in another copy
      Given Ada is signed in
      And another copy of the app is open
      And Ada types "First"
      And 10 seconds have passed
      And Ada changed the note to "From the other copy" in the other copy
      And 10 seconds have passed
      And Bob has signed in in the other copy
      And 4.8 seconds have passed
      And Ada types ", and from this one"
      When 1 second passes
      Then the note "From the other copy" is still on the disk
      And the note "First, and from this one" is still on the disk
      And the window shows Bob signed in
      And it does not say "First"
      And Bob's tokens are renewed
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                              |
        | keychain | read key                                                                   |
        | disk     | write note, write journal, write tokens, delete journal, write sync state  |

    Scenario: Ada has left a note before it was saved, and changed it in another copy since
      Given Ada is signed in
      And another copy of the app is open
      And Ada types "First", and begins another note at once
      And 5 seconds have passed
      And Ada changed the note to "From the other copy" in the other copy
      And 5 seconds have passed
      And Ada has opened the oldest note
      When one second passes
      Then it says "From the other copy"
      And it does not say "First"
      And Ada's tokens are kept
      And nothing else happened

    Scenario: Both copies write down why a session ended
      Given Ada is signed in
      And another copy of the app is open
      And the server has ended Ada's session
      And Ada has pressed "sync" in the other copy
      And 10 seconds have passed
      And Ada has signed in
      And 10 seconds have passed
      When another copy of the app signs out
      Then these reasons are kept, and no other:
        | The server ended the session: it expired, or you were signed out from elsewhere. |
        | You were signed out in another window of the app.                                |
      And the window shows that a restart is needed
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out                                                         |
        | keychain | delete key                                                       |
        | disk     | delete tokens, delete profile, delete sync state, write history  |
        | notice   | You were signed out in another window of the app.                |

    Scenario Outline: She deletes it in another copy, and it is not shown here any more: <begun>
      Given <begun>
      And Ada wrote the note "First"
      And another copy of the app is open
      And Ada has deleted the note in the other copy
      When 5 seconds pass
      Then it does not say "First"
      And nothing else happened

      Examples:
        | begun            |
        | the app is open  |
        | Ada is signed in |

    Scenario: Ada deletes a note that she has just changed in another copy
      Given Ada is signed in
      And Ada wrote the note "First"
      And another copy of the app is open
      And Ada changed the note to "From the other copy" in the other copy
      When Ada presses "delete"
      Then the window is refused "This note was changed elsewhere meanwhile."
      And the note "From the other copy" is still on the disk
      And Ada's tokens are kept
      And nothing else happened

    Scenario: Ada deletes a note that she has just deleted in another copy
      Given Ada is signed in
      And Ada wrote the note "First"
      And another copy of the app is open
      And Ada has deleted the note in the other copy
      When Ada presses "delete"
      Then the window is refused "This note is not here any more."
      And Ada's tokens are kept
      And nothing else happened

    Scenario: She opens it before this copy has looked
      Given Ada is signed in
      And Ada wrote the note "First"
      And another copy of the app is open
      And Ada has deleted the note in the other copy
      And Ada has opened the oldest note
      When one second passes
      Then it says "This note is not here any more."
      And Ada's tokens are kept
      And nothing else happened

  @OW-9
  Rule: Of two who sign in at once, each in a copy of the app, one stays, and the other's session is over at the server too

    Scenario: Ada's sign-in takes longer than Bob's
      Given the app is open
      And another copy of the app is open
      And the next "sign-in" request is not answered yet
      And Ada has signed in
      And Bob has signed in in the other copy
      When the server answers
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And no session of Bob is alive on the server
      And this happened, and nothing else:
        | server   | session check, sign-out, notes                          |
        | keychain | read key                                                |
        | disk     | write tokens, write profile, write sync state           |

    Scenario: Bob has signed in already, and this copy has not looked yet
      Given the app is open
      And another copy of the app is open
      And Bob has signed in in the other copy
      When Ada signs in
      Then the window shows Bob signed in
      And Bob's tokens are renewed
      And what is usual at a start happened, and nothing else

    Scenario: Ada's session has taken the place of Bob's on a disk that did not confirm it, and neither stays
      Given the app is open
      And another copy of the app is open
      And the next "sign-in" request is not answered yet
      And Ada has signed in
      And Bob has signed in in the other copy
      And the disk is unable to confirm a change
      When the server answers
      Then the window shows the login form
      And it says "Failed to store tokens: The disk did not confirm the change of the file of your stored session. Check the disk, then try again."
      And Bob's tokens are gone
      And no session of Ada is alive on the server
      And no session of Bob is alive on the server
      And this happened, and nothing else:
        | server   | session check, sign-out, sign-out |
        | keychain | read key, delete key |
        | disk     | write tokens, delete tokens, write history |

    Scenario: Ada changes her mind when her session has taken the place of Bob's, and is not told so yet
      Given the app is open
      And another copy of the app is open
      And the next "sign-in" request is not answered yet
      And Ada has signed in
      And Bob has signed in in the other copy
      And the keychain asks before it gives a key
      And the server has answered
      And Ada has pressed "cancel"
      When Ada answers the keychain with yes
      Then the window shows the login form
      And no session of Ada is alive on the server
      And no session of Bob is alive on the server
      And Bob's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out, sign-out          |
        | keychain | read key, delete key        |
        | disk     | write tokens, delete tokens |

  @OW-10
  Rule: An answer that names another person than the session's is said, and nothing of the two is mixed

    A cache in front of a server that keeps what it should not hands Bob's answer to Ada. Believing
    it would send his notes with her token. Whose a session is does not change while it lives; so
    the app believes nothing, syncs nothing, and asks again.

    Scenario: A cache before the server gives Bob's answer to Ada
      Given Ada is signed in
      And Ada wrote the note "Dear diary"
      And 6 minutes have passed
      And the answer to the next "session check" request is 200 json - {"session":{"expiresAt":"2030-03-18T00:00:00.000Z"},"user":{"id":"bobs","name":"Bob","email":"bob@example.com"}}
      And the next "refresh" request is not answered yet
      And Ada has pressed "sync"
      And the answer to the next "session check" request is 200 json - {"session":{"expiresAt":"2030-03-18T00:00:00.000Z"},"user":{"id":"bobs","name":"Bob","email":"bob@example.com"}}
      When the server answers
      Then the window shows Ada offline
      And it says "The server gave another person's name in answer to your session"
      And it says "Dear diary"
      And the window never showed Bob offline
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | session check                               |
        | disk   | write tokens, delete journal                |

    Scenario: The server gives her own name again
      Given Ada was signed in when the app was closed
      And the answer to the next "session check" request is 200 json - {"session":{"expiresAt":"2030-03-18T00:00:00.000Z"},"user":{"id":"bobs","name":"Bob","email":"bob@example.com"}}
      And the app is open
      When 10 seconds pass
      Then the window shows Ada signed in
      And the window never showed Bob offline
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | session check, notes |
        | disk   | write sync state     |

    Scenario: Ada's account was moved: it has another number, and her address
      Given Ada is signed in
      And Ada wrote the note "Dear diary"
      And 6 minutes have passed
      And the answer to each of the next 2 "session check" requests is 200 json - {"session":{"expiresAt":"2030-03-18T00:00:00.000Z"},"user":{"id":"moved","name":"Ada Lovelace","email":"Ada@example.com"}}
      When Ada presses "sync"
      Then the window shows Ada signed in
      And it says "1 note that was written on this computer outside this account: add to yours?"
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | notes, session check, refresh, session check, notes                                                                                           |
        | disk   | write sync state, write journal, write tokens, delete journal, write tokens, write profile, write note, write whose notes, write sync state |

    Scenario: It was moved while the app was closed, and her session is one that is extended by use
      Given a server with sliding sessions
      And Ada was signed in when the app was closed
      And the answer to the next "session check" request is 200 json - {"session":{"expiresAt":"2030-03-18T00:00:00.000Z"},"user":{"id":"moved","name":"Ada Lovelace","email":"Ada@example.com"}}
      When Ada opens the app
      Then the window shows Ada signed in
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                                 |
        | keychain | read key                                                                      |
        | disk     | write journal, delete journal, write tokens, write profile, write sync state |

    Scenario: It is so at a start, with a session that is extended by use
      Given a server with sliding sessions
      And Ada was signed in when the app was closed
      And the answer to the next "session check" request is 200 json - {"session":{"expiresAt":"2030-03-18T00:00:00.000Z"},"user":{"id":"bobs","name":"Bob","email":"bob@example.com"}}
      When Ada opens the app
      Then the window shows Ada offline
      And it says "You stay signed in, and your notes stay yours."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh, session check         |
        | keychain | read key                       |
        | disk     | write journal, delete journal  |
