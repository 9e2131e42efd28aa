Feature: Offline is not expired

  Two things look alike to a careless app: a server that says "this session has ended", and a server
  that says nothing, because there is a tunnel, a hotel's login page, or a fault in between. The
  first is a reason to clear the tokens. The second is none, and an app that clears them anyway
  signs its users out on every train ride.

  So the app asks of each answer whether it is the configured server's own, in its own form.
  Everything else means "can't tell": nothing is cleared, the person stays shown, and the app tries
  again by itself.

  @OF-1
  Rule: The server's own no ends the session

    @inproc
    Scenario: Back online, Ada learns that her session has ended
      Given Ada is signed in
      And the server has ended Ada's session
      And the server can't be reached
      And Ada has pressed "sync"
      And the server can be reached again
      When Ada presses "try again"
      Then the window shows Ada with an expired session
      And it does not say "can't be reached"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | refresh                                                       |
        | keychain | delete key                                                    |
        | disk     | write journal, delete journal, write history, delete tokens   |
        | notice   | Session expired. Sign in again to restore cloud features.     |

  @OF-2
  Rule: No connection costs nothing

    @inproc
    Scenario Outline: Grace syncs where the server <state>
      Given Grace is signed in
      And the server <state>
      When Grace presses "sync"
      Then the window shows Grace offline
      And it says "<words>"
      And it says "You stay signed in."
      And Grace's tokens are kept
      And this happened, and nothing else:
        | server | notes, session check |

      Examples:
        | state                 | words                 |
        | can't be reached      | can't be reached      |
        | can't be found        | can't be found        |
        | can't prove who it is | can't prove who it is |
        | does not answer       | took too long         |

    @inproc
    Scenario: Grace deletes a note on the train
      Given Grace is signed in
      And Grace wrote the note "From the platform"
      And the server can't be reached
      And Grace has pressed "sync"
      When Grace presses "delete"
      Then the window shows Grace offline
      And it does not say "From the platform"
      And Grace's tokens are kept
      And this happened, and nothing else:
        | disk | delete note |

  @OF-10
  Rule: A call that fails is the call's own trouble; the session asks before it says that it is offline

    One endpoint of the application that is slow, large or broken says nothing about the rest of the
    server, and a connection that broke says nothing about the next one. So the app asks the session
    check first. The next good answer of any call ends an outage that was over anyway.

    @inproc
    Scenario Outline: The notes are slow, and the server is there, though it has a problem with a <what>
      Given Grace is signed in
      And the next "notes" request is not answered yet
      And the next "<what>" request fails
      And Grace has pressed "sync"
      When 16 seconds pass
      Then the window shows Grace signed in
      And it says "The server took too long to answer."
      And Grace's tokens are kept
      And this happened, and nothing else:
        | server | session check |

      Examples:
        | what          |
        | summary       |
        | session check |

    @inproc
    Scenario: While the app tries, there is no next try to name
      Given Grace is signed in
      And the server can't be reached
      And Grace has pressed "sync"
      And the server can be reached again
      And the next "refresh" request is not answered yet
      When Grace presses "try again"
      Then it says "You stay signed in; your notes are kept."
      And it does not say "Next try"
      And Grace's tokens are kept
      And this happened, and nothing else:
        | server | refresh       |
        | disk   | write journal |

    @inproc
    Scenario: A call is answered while the app waits for its next try
      Given Grace is signed in
      And the server can't be reached
      And Grace has pressed "sync"
      And the server can be reached again
      When the app itself makes a call that is answered
      Then the window shows Grace signed in
      And this happened, and nothing else:
        | server   | who am I, refresh, session check, notes                              |
        | disk     | write journal, write tokens, delete journal, write sync state        |

    @inproc
    Scenario: A call is answered in the next outage, and the clock has been set right since the last
      Given the computer's clock is two hours ahead
      And Grace is signed in
      And the server can't be reached
      And Grace has pressed "sync"
      And the server can be reached again
      And the app itself has made a call that was answered
      And the computer's clock is right again
      And the server can't be reached
      And Grace has pressed "sync"
      And the server can be reached again
      When the app itself makes a call that is answered
      Then the window shows Grace signed in
      And Grace's tokens are renewed
      And this happened, and nothing else:
        | server   | who am I, refresh, session check, notes                              |
        | disk     | write journal, write tokens, delete journal, write sync state        |

    @inproc
    Scenario: The hotel's network answers the question
      Given Grace is signed in
      And the next "notes" request is carried out and its answer is lost
      And the next "session check" request is answered by a captive portal
      When Grace presses "sync"
      Then the window shows Grace offline
      And it says "Something else answered in the server's place: a web page (status 200)"
      And Grace's tokens are kept
      And this happened, and nothing else:
        | server | notes, session check |

    @inproc
    Scenario: Bob's call fails while Ada's question is not answered yet
      Given Ada is signed in
      And the next "session check" request is not answered yet
      And the next "notes" request is carried out and its answer is lost
      And Ada has pressed "sync"
      And Ada has pressed "sign out"
      And Ada has pressed "restart"
      And Bob has signed in
      And the server can't be reached
      When Bob presses "sync"
      Then the window shows Bob offline
      And Bob's tokens are kept
      And this happened, and nothing else:
        | server | notes, session check |

  @OF-3
  Rule: An answer that is not the server's own says nothing about the session

    @inproc
    Scenario Outline: A start where the refresh <happens>
      Given Ada was signed in when the app was closed
      And the next "refresh" request <happens>
      When Ada opens the app
      Then the window shows Ada offline
      And it says "<words>"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh   |
        | keychain | read key  |
        | disk     | <disk>    |

      Examples:
        | happens                         | words                                      | disk                          |
        | fails                           | The server has a problem                   | write journal                 |
        | is asked to wait 30 seconds     | The server asks you to wait 30 seconds.        | write journal, delete journal |
        | is answered by a captive portal | Something else answered                    | write journal, delete journal |

  @OF-4
  Rule: The network failing while a call is renewed is offline, not expiry

    @inproc
    Scenario: The train enters a tunnel between the call and the refresh
      Given Grace is signed in
      And Grace's access token has run out
      And the next "refresh" request fails
      When Grace presses "sync"
      Then the window shows Grace offline
      And Grace's tokens are kept
      And this happened, and nothing else:
        | server | notes, refresh |
        | disk   | write journal  |

    @inproc
    Scenario: The disk is full, so the app can't even ask, and does not blame the server
      Given Ada is signed in
      And Ada's access token has run out
      And the disk is full
      When Ada presses "sync"
      Then the window shows Ada offline
      And it says "could not be written. Free some disk space or mend the folder's permissions, then try again."
      And it says "You stay signed in; your notes are kept. Next try at"
      And it does not say "reach"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes |

  @OF-5
  Rule: Once the server answers again the session goes on

    @inproc
    Scenario: By itself, within minutes
      Given Grace was signed in when the app was closed
      And the server can't be reached
      And the app is open
      And the server can be reached again
      When 10 seconds pass
      Then the window shows Grace signed in
      And sync and the assistant are ready
      And Grace's tokens are renewed
      And this happened, and nothing else:
        | server | refresh, session check, notes                                   |
        | disk   | write journal, write tokens, delete journal, write sync state   |

    @inproc
    Scenario: Just as soon if her clock was ahead and is set right meanwhile
      Given the computer's clock is two hours ahead
      And Grace was signed in when the app was closed
      And the server can't be reached
      And the app is open
      And the computer's clock is right again
      And the server can be reached again
      When 10 seconds pass
      Then the window shows Grace signed in
      And sync and the assistant are ready
      And Grace's tokens are renewed
      And this happened, and nothing else:
        | server | refresh, session check, notes                                   |
        | disk   | write journal, write tokens, delete journal, write sync state   |

    @inproc
    Scenario: At once, when Grace tries again
      Given Grace was signed in when the app was closed
      And the server can't be reached
      And the app is open
      And the server can be reached again
      When Grace presses "try again"
      Then the window shows Grace signed in
      And sync and the assistant are ready
      And Grace's tokens are renewed
      And this happened, and nothing else:
        | server | refresh, session check, notes                                   |
        | disk   | write journal, write tokens, delete journal, write sync state   |

    @inproc
    Scenario: Once, though the window asks for another try before there is an answer
      Given Grace was signed in when the app was closed
      And the server can't be reached
      And the app is open
      And the server can be reached again
      And the next "refresh" request is not answered yet
      And Grace has pressed "try again"
      When the window asks to try again
      Then the window shows Grace offline
      And Grace's tokens are kept
      And nothing else happened

    @inproc
    Scenario: The app asks ever less often while it is in vain
      Given Grace was signed in when the app was closed
      And the server can't be reached
      And the app is open
      When 20 seconds pass
      Then the window shows Grace offline
      And Grace's tokens are kept
      And this happened, and nothing else:
        | server | refresh, refresh, refresh                                                                  |
        | disk   | write journal, delete journal, write journal, delete journal, write journal, delete journal |

    @inproc
    Scenario: A second outage is over as soon as the first
      Given Grace was signed in when the app was closed
      And the server can't be reached
      And the app is open
      And 10 minutes have passed
      And the server can be reached again
      And 3 minutes have passed
      And the server can't be reached
      And Grace has pressed "sync"
      And the server can be reached again
      When 10 seconds pass
      Then the window shows Grace signed in
      And sync and the assistant are ready
      And Grace's tokens are renewed
      And this happened, and nothing else:
        | server | refresh, session check, notes                                   |
        | disk   | write journal, write tokens, delete journal, write sync state   |

  @OF-6
  Rule: A call that is forbidden is an answer

    Scenario: Ada may not sync
      Given Ada is signed in
      And the next "notes" request is forbidden
      When Ada presses "sync"
      Then the window shows Ada signed in
      And it says "The server did not take the notes (error 403)"
      And "sync" can be pressed
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | notes |

  @OF-7
  Rule: When the server asks to wait, the app waits that long

    @inproc
    Scenario: Half a minute that the server asked for
      Given Ada was signed in when the app was closed
      And the next "refresh" request is asked to wait 30 seconds
      And the app is open
      When 29 seconds pass
      Then the window shows Ada offline
      And Ada's tokens are kept
      And nothing else happened

    @inproc
    Scenario: Then the app asks once more
      Given Ada was signed in when the app was closed
      And the next "refresh" request is asked to wait 30 seconds
      And the app is open
      When 40 seconds pass
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | refresh, session check, notes                                   |
        | disk   | write journal, write tokens, delete journal, write sync state   |

    @inproc
    Scenario: Not all copies that were told to wait come back in the same second
      Given Ada was signed in when the app was closed
      And the next "refresh" request is asked to wait 30 seconds
      And the app is open
      When 31 seconds pass
      Then the window shows Ada offline
      And Ada's tokens are kept
      And nothing else happened

    @inproc
    Scenario: A call that is answered meanwhile is no reason to ask sooner
      Given Ada is signed in
      And the window was closed
      And the next "refresh" request is asked to wait 30 seconds
      And the app is open
      When the app itself makes a call that is answered
      Then the window shows Ada offline
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | who am I |

    @inproc
    Scenario: That wait is over, and in the next outage a call that is answered is a reason again
      Given Ada was signed in when the app was closed
      And the next "refresh" request is asked to wait 30 seconds
      And the app is open
      And 40 seconds have passed
      And the server can't be reached
      And Ada has pressed "sync"
      And the server can be reached again
      When the app itself makes a call that is answered
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | who am I, refresh, session check, notes                         |
        | disk   | write journal, write tokens, delete journal, write sync state   |

  @OF-8
  Rule: Only the configured server, in its own form, can end a session

    @inproc
    Scenario Outline: A refusal that <how>
      Given Ada was signed in when the app was closed
      And the next "refresh" request <how>
      When Ada opens the app
      Then the window shows Ada offline
      And it says "Something else answered in the server's place: <words>"
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh                       |
        | keychain | read key                      |
        | disk     | write journal, delete journal |

      Examples:
        | how                                 | words                                             |
        | leads to another server             | the answer leads to http://127.0.0.1:9/elsewhere. |
        | is answered by a captive portal     | a web page (status 200)                           |
        | is not authorised                   | the answer (status 401)                           |

    @inproc
    Scenario: A network that says itself that it wants a sign-in first
      Given Ada was signed in when the app was closed
      And the answer to the next "refresh" request is 511 html - Sign in here first
      When Ada opens the app
      Then the window shows Ada offline
      And it says "the network wants you to sign in to it first. Open any page in your browser, sign in there, and try again."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh                       |
        | keychain | read key                      |
        | disk     | write journal, delete journal |
