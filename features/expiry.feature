Feature: When a session ends

  A session can end at any moment: the server's limit, a sign-out on the phone, an administrator. It
  must not cost work. The tokens are cleared, for they are worthless. The person is told once, keeps
  every note, and decides when to sign in again.

  Background:
    Given Ada is signed in

  @EX-1
  Rule: An expired session clears the tokens, and throws nobody out

    Scenario: Ada stays where she is
      Given the server has ended Ada's session
      When Ada presses "sync"
      Then the window shows Ada with an expired session
      And the window never showed the login form
      And the page with the notes is open
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | notes, refresh                                                |
        | keychain | delete key                                                    |
        | disk     | write journal, delete journal, write history, delete tokens   |
        | notice   | Session expired. Sign in again to restore cloud features.     |

    @inproc
    Scenario: Ada's keychain is locked when she signs in again, and she unlocks it
      Given Ada wrote the note "Engines weave. Numbers follow."
      And the server has ended Ada's session
      And Ada has pressed "sync"
      And the keychain is locked
      And Ada's sign-in is under way
      When Ada presses "unlock"
      Then the window shows Ada with an expired session
      And it says "Engines weave."
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: It is unlocked elsewhere, and nothing is said of it any more
      Given the server has ended Ada's session
      And Ada has pressed "sync"
      And the keychain is locked
      And Ada's sign-in is under way
      And the keychain works again
      When 10 seconds pass
      Then the window shows Ada with an expired session
      And it does not say "Your keychain is locked."
      And no token is stored
      And nothing else happened

  @EX-2
  Rule: The person is told once

    @inproc
    Scenario: An hour later there is no second notice
      Given the server has ended Ada's session
      And Ada has pressed "sync"
      When an hour passes
      Then the window shows Ada with an expired session
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Ada dismisses a notice, and it does not come back
      Given the computer's clock is a day ahead
      And Ada has pressed "sync"
      When Ada presses "dismiss"
      Then it does not say "clock"
      And the window shows Ada signed in
      And Ada's tokens are kept
      And nothing else happened

    @inproc
    Scenario Outline: The window dismisses a notice <which>
      Given the computer's clock is a day ahead
      And Ada has pressed "sync"
      When the window sends the line:
        """
        {"jsonrpc":"2.0","method":"dismiss","id":7,"params":{"notice":<number>}}
        """
      Then it says "clock"
      And Ada's tokens are kept
      And nothing else happened

      Examples:
        | which                   | number |
        | before this one         | 0      |
        | that it was never told  | 99     |

  @EX-3
  Rule: The notes can be edited and are saved

    Scenario: Ada goes on writing
      Given Ada wrote the note "Engines weave. Numbers follow."
      And the server has ended Ada's session
      And Ada has pressed "sync"
      When Ada writes the note "Still here"
      Then the window shows Ada with an expired session
      And it says "Engines weave."
      And it says "Still here"
      And no token is stored
      And this happened, and nothing else:
        | disk | write note |

  @EX-4
  Rule: Sync and the assistant pause, visibly

    Scenario: What needs the cloud says that it waits
      Given Ada wrote the note "Engines weave. Numbers follow."
      And the server has ended Ada's session
      When Ada presses "sync"
      Then sync and the assistant are paused
      And it says "Paused until you sign in again. Your notes are saved on this computer."
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | notes, refresh                                                |
        | keychain | delete key                                                    |
        | disk     | write journal, delete journal, write history, delete tokens   |
        | notice   | Session expired. Sign in again to restore cloud features.     |

    @inproc
    Scenario: A sync that was under way ends well, and is paused all the same
      Given Ada wrote the note "Engines weave. Numbers follow."
      And the next "notes" request is not answered yet
      And Ada has pressed "sync"
      And the server has ended Ada's session
      And Ada has pressed "summarise"
      When the server answers
      Then the window shows Ada with an expired session
      And sync and the assistant are paused
      And no token is stored
      And this happened, and nothing else:
        | disk | write note, write sync state |

  @EX-5
  Rule: Signing in again restores everything

    Scenario: Ada signs in again and finds her notes
      Given Ada wrote the note "Engines weave. Numbers follow."
      And the server has ended Ada's session
      And Ada has pressed "sync"
      When Ada signs in
      Then the window shows Ada signed in
      And it says "Engines weave."
      And it does not say "Sign in again to restore cloud features."
      And sync and the assistant are ready
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | sign-in, session check, notes                             |
        | keychain | write key                                                 |
        | disk     | write tokens, write profile, write note, write sync state |

    @inproc
    Scenario: The note that is open stays open, and she writes on in it
      Given Ada is signed in
      And Ada types "Engines weave."
      And one second has passed
      And the server has ended Ada's session
      And Ada has pressed "sync"
      And Ada has signed in
      And Ada types " Numbers follow."
      When one second passes
      Then the note "Engines weave. Numbers follow." is still on the disk
      And Ada's tokens are kept
      And this happened, and nothing else:
        | disk | write note |

    @inproc
    Scenario: The form knows who signs in again
      Given Ada wrote the note "Engines weave. Numbers follow."
      And the server has ended Ada's session
      And Ada has pressed "sync"
      When a minute passes
      Then the form still holds Ada's e-mail and no password
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Bob has no account there, and the form has his address still
      Given the server has ended Ada's session
      And Ada has pressed "sync"
      When Bob signs in with the password "a guess"
      Then the window shows Ada with an expired session
      And the form still holds Bob's e-mail and no password
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

  @EX-6
  Rule: Another user who signs in gets nothing of the first one's notes

    Scenario: Bob signs in after Ada's session has expired
      Given Ada wrote the note "Engines weave. Numbers follow."
      And the server has ended Ada's session
      And Ada has pressed "sync"
      When Bob signs in
      Then the window shows Bob signed in
      And it does not say "Engines weave."
      And the server holds no note
      And Bob's tokens are stored
      And what is usual at a sign-in happened, and nothing else
