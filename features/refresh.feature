Feature: Renewing the access token

  The access token lives for minutes, so that a stolen one is soon worthless. When a call meets a
  dead one, the app trades the refresh token for a new pair and makes the call again; whoever made
  the call never notices.

  A refresh token works once. Used twice, it looks like a theft, and a careful server ends the
  session: so two refreshes at the same time, or one whose answer is forgotten, sign a person out
  for no reason. Most of the rules here exist for that.

  @RF-1
  Rule: A call that meets a dead access token is repeated once with a fresh one

    Scenario: Ada syncs after a coffee
      Given Ada is signed in
      And Ada's access token has run out
      When Ada presses "sync"
      Then the window shows Ada signed in
      And sync and the assistant are ready
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | notes, refresh, notes                                           |
        | disk   | write journal, write tokens, delete journal, write sync state   |

  @RF-2
  Rule: However many calls need it at once, one refresh goes out

    @inproc
    Scenario: Sync and the assistant meet the dead token together
      Given Ada is signed in
      And Ada wrote the note "Engines weave. Numbers follow."
      And Ada's access token has run out
      When Ada presses "sync" and "summarise" at once
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | notes, summary, refresh, notes, summary                                   |
        | disk   | write journal, write tokens, delete journal, write note, write sync state |

    @inproc
    Scenario: Another call meets it while the refresh is under way
      Given Ada is signed in
      And Ada's access token has run out
      And the next "refresh" request is not answered yet
      And the app itself is asking the server for her name
      And the app itself is asking the server for her name
      When the server answers
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | who am I, who am I            |
        | disk   | write tokens, delete journal  |

  @RF-3
  Rule: The new pair is stored before the call is repeated

    Scenario: First the disk, then the call
      Given Ada is signed in
      And Ada's access token has run out
      When Ada presses "sync"
      Then Ada's tokens are renewed
      And "write tokens" came before "notes"
      And this happened, and nothing else:
        | server | notes, refresh, notes                                           |
        | disk   | write journal, write tokens, delete journal, write sync state   |

    @inproc
    Scenario: The disk takes nothing when it comes, and is mended
      Given Ada is signed in
      And Ada's access token has run out
      And the next "refresh" request is not answered yet
      And Ada has pressed "sync"
      And the disk is full
      And the server has answered
      And the disk works again
      When 5 seconds pass
      Then the window shows Ada signed in
      And it says "Your stored session could be saved now. You stay signed in."
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | notes                                                       |
        | disk   | write tokens, delete journal, write sync state              |
        | notice | Your stored session could be saved now. You stay signed in. |

    @inproc
    Scenario: The disk takes nothing twice, and is mended each time
      Given Ada is signed in
      And Ada's access token has run out
      And the next "refresh" request is not answered yet
      And Ada has pressed "sync"
      And the disk is full
      And the server has answered
      And the disk works again
      And 5 seconds have passed
      And Ada's access token has run out
      And the next "refresh" request is not answered yet
      And Ada has pressed "sync"
      And the disk is full
      And the server has answered
      And the disk works again
      When 5 seconds pass
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | notes                                                       |
        | disk   | write tokens, delete journal, write sync state              |
        | notice | Your stored session could be saved now. You stay signed in. |

    @inproc
    Scenario: The disk takes nothing when it comes, and the token file is gone before the disk is mended
      Given Ada is signed in
      And Ada's access token has run out
      And the next "refresh" request is not answered yet
      And Ada has pressed "sync"
      And the disk is full
      And the server has answered
      And somebody has deleted the token file
      And the disk works again
      When 5 seconds pass
      Then the window shows that a restart is needed
      And it does not say "Your stored session could be saved now. You stay signed in."
      And no token is stored
      And this happened, and nothing else:
        | disk   | delete profile, write history, delete sync state  |
        | notice | You were signed out in another window of the app. |

    @inproc
    Scenario: The disk takes nothing when it comes, and is mended before she closes the app
      Given Ada is signed in
      And Ada's access token has run out
      And the next "refresh" request is not answered yet
      And Ada has pressed "sync"
      And the disk is full
      And the server has answered
      And the disk works again
      When Ada closes the app
      Then Ada's tokens are renewed
      And this happened, and nothing else:
        | disk | write tokens, delete journal |

    @inproc
    Scenario: The disk takes nothing until the app is closed, and the next start says why
      Given Ada is signed in
      And Ada's access token has run out
      And the next "refresh" request is not answered yet
      And Ada has pressed "sync"
      And the disk is full
      And the server has answered
      And the window was closed
      And the disk works again
      When Ada opens the app
      Then the window shows Ada with an expired session
      And the reason that is kept says "Its answer to an earlier renewal was lost on the way"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | refresh                                                        |
        | keychain | read key, delete key                                           |
        | disk     | write journal, write history, delete tokens, delete journal    |
        | notice   | Session expired. Sign in again to restore cloud features.      |

  @RF-4
  Rule: A refused refresh is an expiry

    Scenario: Ada's session was ended from elsewhere while she works
      Given Ada is signed in
      And the server has ended Ada's session
      When Ada presses "sync"
      Then the window shows Ada with an expired session
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | notes, refresh                                                 |
        | keychain | delete key                                                     |
        | disk     | write journal, delete journal, write history, delete tokens    |
        | notice   | Session expired. Sign in again to restore cloud features.      |

    @inproc
    Scenario: The one who made the call is told
      Given Ada is signed in
      And the server has ended Ada's session
      When the app itself asks the server who is signed in
      Then the call fails with "Session expired - please sign in again"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | who am I, refresh                                              |
        | keychain | delete key                                                     |
        | disk     | write journal, delete journal, write history, delete tokens    |
        | notice   | Session expired. Sign in again to restore cloud features.      |

    @inproc
    Scenario: Who calls after that is told the same
      Given Ada is signed in
      And the server has ended Ada's session
      And Ada has pressed "sync"
      When the app itself asks the server who is signed in
      Then the call fails with "Session expired - please sign in again"
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Who calls while she signs in again is told the same
      Given Ada is signed in
      And the server has ended Ada's session
      And Ada has pressed "sync"
      And the next "sign-in" request is not answered yet
      And Ada's sign-in is under way
      When the app itself asks the server who is signed in
      Then the call fails with "Session expired - please sign in again"
      And the window shows that a sign-in is under way
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Another copy has met it while a call of this one was on its way, and that is told the same
      Given Ada is signed in
      And Ada wrote the note "Engines weave. Numbers follow."
      And another copy of the app is open
      And the next "summary" request is refused, but not yet
      And Ada has pressed "summarise"
      And the server has ended Ada's session
      And Ada has pressed "sync" in the other copy
      When the server answers
      Then the window is refused "Session expired - please sign in again"
      And the window shows Ada with an expired session
      And no token is stored
      And nothing else happened

  @RF-5
  Rule: Without an access token no request is made

    @inproc
    Scenario: A call while nobody is signed in
      Given the app is open
      When the app itself asks the server who is signed in
      Then the call fails with "No access token available"
      And no token is stored
      And nothing else happened

  @RF-6
  Rule: A call is repeated once at most

    Scenario: The server refuses the fresh token as well
      Given Ada is signed in
      And the next "notes" request is not authorised, twice
      When Ada presses "sync"
      Then the window shows Ada signed in
      And it says "The server did not take the notes (error 401)"
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | notes, refresh, notes                         |
        | disk   | write journal, write tokens, delete journal   |

  @RF-7
  Rule: Without a refresh token no refresh is tried

    @inproc
    Scenario: Only an access token is stored
      Given the app is open
      And the window has stored "only-half" as accessToken
      And the window was closed
      When Ada opens the app
      Then the window shows somebody with an expired session
      And Ada's tokens are gone
      And this happened, and nothing else:
        | keychain | read key, delete key                                        |
        | disk     | write history, delete tokens                                |
        | notice   | Session expired. Sign in again to restore cloud features.   |

  @RF-8
  Rule: A refresh that brings half a pair has failed

    @inproc
    Scenario: The server forgets the refresh token in its answer
      Given Ada is signed in
      And Ada's access token has run out
      And the next "refresh" request is answered with half a pair
      When Ada presses "sync"
      Then the window shows Ada offline
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes, refresh                 |
        | disk   | write journal, delete journal  |

  @RF-9
  Rule: A call whose token was replaced meanwhile needs no second refresh

    @inproc
    Scenario: The refusal of the old token comes late
      Given Ada is signed in
      And Ada wrote the note "Engines weave. Numbers follow."
      And Ada's access token has run out
      And the next "notes" request is not answered yet
      And Ada has pressed "sync"
      And Ada has pressed "summarise"
      When the server answers
      Then the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes                        |
        | disk   | write note, write sync state |

  @RF-10
  Rule: A refresh that is answered after a sign-out stores nothing

    @inproc
    Scenario: Ada signs out while a refresh is under way
      Given Ada is signed in
      And Ada's access token has run out
      And the next "refresh" request is not answered yet
      And Ada has pressed "sync"
      And Ada has pressed "sign out"
      When the server answers
      Then the window shows that a restart is needed
      And no token is stored
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server | sign-out |

    @inproc
    Scenario Outline: <what> comes after the sign-out, and who called is told that nobody is signed in
      Given Ada is signed in
      And <meanwhile>
      And the next "refresh" request <is answered>
      And the app itself is asking the server for her name
      And Ada has pressed "sign out"
      When the server answers
      Then that call failed with "No access token available"
      And the window shows that a restart is needed
      And no token is stored
      And nothing else happened

      Examples:
        | what             | meanwhile                           | is answered             |
        | Its no           | the server has ended Ada's session  | is not answered yet     |
        | A fault          | Ada's access token has run out      | fails, but not yet      |
        | A stranger's no  | Ada's access token has run out      | is refused, but not yet |

  @RF-11
  Rule: Two copies of the app share one refresh

    @inproc
    Scenario: Both copies meet the dead token together
      Given Ada is signed in
      And another copy of the app is open
      And Ada's access token has run out
      When both copies of the app sync at once
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server   | notes, notes, refresh, notes, notes                                               |
        | disk     | write journal, write tokens, delete journal, write sync state, write sync state   |

    @inproc
    Scenario: Another copy starts before the disk has taken the new pair, and does not send the spent one
      Given Ada is signed in
      And Ada's access token has run out
      And the next "refresh" request is not answered yet
      And Ada has pressed "sync"
      And the disk is full
      And the server has answered
      And another copy of the app is open
      And the disk works again
      When 1 minute passes
      Then the window shows Ada signed in
      And the other copy shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | session check, notes, notes                                             |
        | disk   | write tokens, delete journal, write sync state, write sync state        |
        | notice | Your stored session could be saved now. You stay signed in.             |

    @inproc
    Scenario: A call that comes before this copy has looked goes with the newer token
      Given Ada is signed in
      And Ada's access token has run out
      And another copy of the app has renewed the tokens
      When the app itself asks the server who is signed in
      Then the call brings "ada@example.com"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | who am I |

  @RF-12
  Rule: A token goes to the configured server alone

    @inproc
    Scenario: The server's answer leads elsewhere
      Given Ada is signed in
      And the next "notes" request leads to another server
      When Ada presses "sync"
      Then the window shows Ada signed in
      And no other server was asked
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes |

    @inproc
    Scenario: The way to the server is one on which anybody can read
      When Ada starts the app with "--server http://auth.example.com"
      Then the app ends and says "plain http is for this machine only; use https, or tokens travel in the clear."
      And no token is stored
      And nothing else happened

  @RF-13
  Rule: A token whose end is known is renewed shortly before it

    @inproc
    Scenario: By itself, without any call
      Given Ada was signed in when the app was closed
      And the app is open
      When 14 minutes pass
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | refresh                                       |
        | disk   | write journal, write tokens, delete journal   |

    @inproc
    Scenario: A call after that does not meet a dead token
      Given Ada was signed in when the app was closed
      And the app is open
      And 16 minutes have passed
      When Ada presses "sync"
      Then the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes, session check |
        | disk   | write sync state     |

    @inproc
    Scenario: The window that stays open all day
      Given Ada was signed in when the app was closed
      And the app is open
      And 8 hours have passed
      When Ada presses "sync"
      Then the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes, session check |
        | disk   | write sync state     |

    @inproc
    Scenario: The server has trouble renewing it, and not every call asks for that again
      Given Ada is signed in
      And the answer to each of the next 30 "refresh" requests is 503 none - nothing
      And 14.8 minutes have passed
      And the app itself has made a call that was answered
      When the app itself makes a call that is answered
      Then the window shows Ada offline
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | who am I |

    @inproc
    Scenario: Seconds before its end a call has it renewed first, and goes with the old one if that fails
      Given Ada is signed in
      And the answer to each of the next 30 "refresh" requests is 503 none - nothing
      And 14.8 minutes have passed
      When the app itself makes a call that is answered
      Then the window shows Ada offline
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | refresh, who am I, refresh   |
        | disk   | write journal, write journal |

    @inproc
    Scenario: Of one that lives for less than two minutes it is the last tenth in which a call waits for that
      Given a server whose access tokens live for 100 seconds
      And Ada is signed in
      And the answer to each of the next 30 "refresh" requests is 503 none - nothing
      And 85 seconds have passed
      When the app itself makes a call that is answered
      Then the window shows Ada offline
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | who am I, refresh |
        | disk   | write journal     |

    @inproc
    Scenario: One that lives for seconds is renewed when a call meets its end, and not all the time
      Given a server whose access tokens live for 30 seconds
      And Ada is signed in
      And 2 minutes have passed
      When Ada presses "sync"
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | notes, refresh, notes                                         |
        | disk   | write journal, write tokens, delete journal, write sync state |

  @RF-14
  Rule: A refresh whose answer was lost is no expiry

    Scenario: The server takes the used token once more
      Given a server that takes a used refresh token for another minute
      And Ada is signed in
      And Ada's access token has run out
      And the next "refresh" request is carried out and its answer is lost
      When Ada presses "sync"
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | notes, refresh, refresh, notes                                                 |
        | disk   | write journal, write journal, write tokens, delete journal, write sync state   |

    Scenario: The server does not, and the app explains what happened
      Given Ada is signed in
      And Ada's access token has run out
      And the next "refresh" request is carried out and its answer is lost
      When Ada presses "sync"
      Then the window shows Ada with an expired session
      And the reason that is kept says "Its answer to an earlier renewal was lost on the way"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | notes, refresh, refresh                                                  |
        | keychain | delete key                                                               |
        | disk     | write journal, write journal, write history, delete tokens, delete journal |
        | notice   | Session expired. Sign in again to restore cloud features.      |

    @inproc
    Scenario: Ada closes the app while the answer is on its way
      Given Ada is signed in
      And Ada's access token has run out
      And the next "refresh" request is not answered yet
      And Ada has pressed "sync"
      When Ada closes the window, and the server answers after 1 second
      Then Ada's tokens are renewed
      And this happened, and nothing else:
        | disk | write tokens, delete journal |

    @inproc
    Scenario: Ada closes the app while it starts, and asks nothing more
      Given Ada was signed in when the app was closed
      And the next "refresh" request is not answered yet
      And the app is open
      When Ada closes the window, and the server answers after 1 second
      Then Ada's tokens are renewed
      And this happened, and nothing else:
        | disk | write tokens, delete journal |

    @inproc
    Scenario: The answer does not come in the two seconds for which the app waits, and it remembers that
      Given Ada was signed in when the app was closed
      And the next "refresh" request is not answered yet
      And the app is open
      And Ada has closed the window, and the server has answered after 3 seconds
      When Ada opens the app
      Then the window shows Ada with an expired session
      And the reason that is kept says "Its answer to an earlier renewal was lost on the way"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | refresh                                                        |
        | keychain | read key, delete key                                           |
        | disk     | write journal, write history, delete tokens, delete journal    |
        | notice   | Session expired. Sign in again to restore cloud features.      |

    @inproc
    Scenario: The app was closed meanwhile, and remembers it
      Given Ada was signed in when the app was closed
      And the next "refresh" request fails
      And the app was opened and closed again
      And the server has ended Ada's session
      When Ada opens the app
      Then the window shows Ada with an expired session
      And the reason that is kept says "Its answer to an earlier renewal was lost on the way"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | refresh                                                        |
        | keychain | read key, delete key                                           |
        | disk     | write journal, write history, delete tokens, delete journal    |
        | notice   | Session expired. Sign in again to restore cloud features.      |

    @inproc
    Scenario: What it remembers is about one token, and that was replaced meanwhile
      Given Ada was signed in when the app was closed
      And the next "refresh" request fails
      And the app was opened and closed again
      And another program has stored Bob's tokens, and did not say whose they are
      And the server has ended Bob's session
      When Ada opens the app
      Then the window shows Ada with an expired session
      And the reason that is kept says "it expired, or you were signed out from elsewhere"
      And Bob's tokens are gone
      And this happened, and nothing else:
        | server   | refresh                                                        |
        | keychain | read key, delete key                                           |
        | disk     | write journal, delete journal, write history, delete tokens    |
        | notice   | Session expired. Sign in again to restore cloud features.      |

    @inproc
    Scenario Outline: What it remembers can't be read, since the journal <how>, and counts as nothing
      Given Ada was signed in when the app was closed
      And the next "refresh" request fails
      And the app was opened and closed again
      And the journal <how>
      And the server has ended Ada's session
      When Ada opens the app
      Then the window shows Ada with an expired session
      And the reason that is kept says "it expired, or you were signed out from elsewhere"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | refresh                                                        |
        | keychain | read key, delete key                                           |
        | disk     | write journal, delete journal, write history, delete tokens    |
        | notice   | Session expired. Sign in again to restore cloud features.      |

      Examples:
        | how                                 |
        | was damaged                         |
        | has a foreign letter in it          |
        | has grown too much                  |
        | names a moment that no calendar has |

  @RF-15
  Rule: The repeated call is the same request

    @inproc
    Scenario: The notes are sent again, byte for byte
      Given Ada is signed in
      And Ada wrote the note "Engines weave. Numbers follow."
      And Ada's access token has run out
      When Ada presses "sync"
      Then both requests for notes were the same, but for the token
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | notes, refresh, notes                                                     |
        | disk   | write journal, write tokens, delete journal, write note, write sync state |

    @inproc
    Scenario: The answer to a question is lost with the connection, and it is asked once more
      Given a server that hands out JWTs
      And Ada is signed in
      And the next "who am I" request is carried out and its answer is lost
      When the app itself asks the server who is signed in, with a JWT
      Then the call was answered for Ada
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | JWT, who am I, who am I |

    @inproc
    Scenario: The answer to what is sent to be done is lost so, and it is not sent again
      Given Ada is signed in
      And Ada wrote the note "Engines weave."
      And the next "summary" request is carried out and its answer is lost
      When Ada presses "summarise"
      Then the window shows Ada signed in
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | summary, session check |
