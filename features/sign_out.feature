Feature: Signing out

  Whoever signs out wants nothing left on this computer that could bring the session back, and that
  must not depend on the network: the tokens go first, the server is told if it can be. What else
  belonged to the session goes too. Sync holds parts of it in memory, so after it has run only a
  restart makes the sign-out complete; the app says so and offers it.

  @SO-1
  Rule: The session on the server is revoked if it can be

    Scenario: The server is there
      Given Ada is signed in
      When Ada presses "sign out"
      Then Ada's tokens are gone
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server   | sign-out                                             |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |

    Scenario: The server can't be reached, and Grace is told that it does not know
      Given Grace is signed in
      And the server can't be reached
      When Grace presses "sign out"
      Then the window shows that a restart is needed
      And it says "The server could not be told"
      And Grace's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out                                             |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |
        | notice   | You are signed out on this computer. The server could not be told, so it may list the session until it expires. |

    @inproc
    Scenario: 40 calls wait for the server's answers, and the sign-out waits for none of them
      Given a server that hands out JWTs
      And Ada is signed in
      And the next "who am I" request is not answered yet, 40 times
      And the app itself is asking the server for her name, with a JWT, 40 times at once
      When Ada presses "sign out"
      Then the window shows that a restart is needed
      And Ada's tokens are gone
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server   | sign-out                                             |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |

    @inproc
    Scenario: The keychain is locked, so the app has no token to tell the server with
      Given Ada was signed in when the app was closed
      And the keychain is locked
      And the app is open
      When Ada presses "sign out"
      Then the window shows the login form
      And it says "The server could not be told"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | disk     | write stray keys, delete tokens, delete profile, delete sync state |
        | notice   | You are signed out on this computer. The server could not be told, so it may list the session until it expires. |

    @inproc
    Scenario: The keychain asks before it gives the key of the token, and Ada does not allow it
      Given Ada was signed in when the app was closed
      And the keychain asks before it gives a key
      And the app is open
      And Ada has given up what the keychain asked 2 times
      And Ada has pressed "sign out"
      When Ada answers the keychain with no
      Then the window shows the login form
      And it says "The server could not be told"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |
        | notice   | You are signed out on this computer. The server could not be told, so it may list the session until it expires. |

  @SO-2
  Rule: The tokens are gone from the disk

    Scenario: The file is gone, and so is its key
      Given Ada is signed in
      When Ada presses "sign out"
      Then Ada's tokens are gone
      And the keychain holds no key of the app
      And "delete tokens" came before "sign-out"
      And this happened, and nothing else:
        | server   | sign-out                                             |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |

    @inproc
    Scenario: Half of the file is gone, and its key goes all the same
      Given Ada is signed in
      And the token file was damaged
      When Ada presses "sign out"
      Then Ada's tokens are gone
      And the keychain holds no key of the app
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server   | sign-out                                             |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |

    @inproc
    Scenario: A folder is in its place, which is kept under another name
      Given Ada is signed in
      And the token file is a folder
      When Ada presses "sign out"
      Then the window shows that a restart is needed
      And no token is stored
      And the keychain holds no key of the app
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server   | sign-out                                             |
        | keychain | delete key                                           |
        | disk     | set aside tokens, delete profile, delete sync state  |

    @inproc
    Scenario: Her keychain has two items of the key's name, and keeps neither
      Given Ada's keychain is GNOME Keyring
      And Ada is signed in
      And the keychain has an empty item of that name before the key
      When Ada presses "sign out"
      Then the window shows that a restart is needed
      And the keychain holds no key of the app
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out                                             |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |

    @inproc
    Scenario: The disk is read-only, so Ada is still signed in, and is told so
      Given Ada is signed in
      And the disk is read-only
      When Ada presses "sign out"
      Then the window shows Ada signed in
      And it says "You are still signed in: "
      And sync and the assistant are ready
      And Ada's tokens are kept
      And this happened, and nothing else:
        | notice | You are still signed in: The file of your stored session could not be deleted. Free some disk space or mend the folder's permissions, then try again. |

    @inproc
    Scenario: The refresh that it met is answered later, and its session goes on
      Given Ada was signed in when the app was closed
      And the next "refresh" request is not answered yet
      And the app is open
      And the disk is read-only
      And Ada has pressed "sign out"
      When the server answers
      Then the window shows Ada signed in
      And it says "You stay signed in; the app tries to save again."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server | session check, notes |
        | notice | The file of your stored session could not be written. You stay signed in; the app tries to save again. Free some disk space or mend the folder's permissions, then try again. |

    @inproc
    Scenario: The tokens can't be deleted and the server is away, so Grace is still offline
      Given Grace was signed in when the app was closed
      And the server can't be reached
      And the app is open
      And the disk is unable to delete the tokens
      When Grace presses "sign out"
      Then the window shows Grace offline
      And it says "You are still signed in"
      And Grace's tokens are kept
      And this happened, and nothing else:
        | notice | You are still signed in: The file of your stored session could not be deleted. Free some disk space or mend the folder's permissions, then try again. |

    @inproc
    Scenario: The disk deletes the tokens, and does not confirm that they and the state of the sync stay deleted
      Given Ada was signed in when the app was closed
      And the server can't be reached
      And the app is open
      And the disk is unable to confirm a change
      When Ada presses "sign out"
      Then the window shows that a restart is needed
      And the reason that is kept says "The disk did not confirm the change of the file of your stored session."
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out                                             |
        | keychain | delete key                                           |
        | disk     | delete tokens, write history, delete profile, delete sync state |
        | notice   | You are signed out on this computer. The server could not be told, so it may list the session until it expires. |

  @SO-3
  Rule: User, expiry and cached profile are cleared

    @inproc
    Scenario: Ada signs out of an expired session
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      And the app is open
      When Ada presses "sign out"
      Then the window shows the login form
      And it does not say "Ada"
      And it does not say "The server ended the session"
      And no settings are left
      And no token is stored
      And this happened, and nothing else:
        | disk     | delete profile, delete sync state |

    @inproc
    Scenario: After that and a restart, what the app has to say is said as before
      Given Ada is signed in
      And the server has ended Ada's session
      And Ada has pressed "sync"
      And Ada has pressed "sign out"
      And Ada has pressed "restart"
      And the computer's clock is a day ahead
      When Ada signs in
      Then it says "This computer's clock is 24 hours ahead of the server's. You stay signed in; please set the clock."
      And Ada's tokens are stored
      And this happened, and nothing else:
        | server   | sign-in, session check, notes                 |
        | keychain | write key                                     |
        | disk     | write tokens, write profile, write sync state |
        | notice   | This computer's clock is 24 hours ahead of the server's. You stay signed in; please set the clock. |

    @inproc
    Scenario: After that, a wrong password has nothing to do with the former session
      Given Ada was signed in when the app was closed
      And the server has ended Ada's session
      And the app is open
      And Ada has pressed "sign out"
      When Ada signs in with the password "a guess"
      Then the window shows the login form
      And it says "Invalid email or password"
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

  @SO-4
  Rule: What depends on the session is reset

    Scenario: The state of the sync goes, the notes stay
      Given Ada is signed in
      And Ada wrote the note "Engines weave. Numbers follow."
      When Ada presses "sign out"
      Then sync and the assistant are off
      And Ada's tokens are gone
      And the note "Engines weave. Numbers follow." is still on the disk
      And this happened, and nothing else:
        | server   | sign-out                                             |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |

  @SO-5
  Rule: Where that needs a restart the app says so

    Scenario: Sync has run
      Given Ada is signed in
      When Ada presses "sign out"
      Then the window shows that a restart is needed
      And it is the same window as before
      And the window looks like this:
        | banner's button | "Restart"; at the keyboard |
        | sign out        | not there                  |
        | Account         | chosen                     |
      And the keyboard is at "restart"
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out                                             |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |

    @inproc
    Scenario: Sync has not run since the start
      Given Grace was signed in when the app was closed
      And the server can't be reached
      And the app is open
      When Grace presses "sign out"
      Then the window shows the login form
      And Grace's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out                                             |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |
        | notice   | You are signed out on this computer. The server could not be told, so it may list the session until it expires. |

  @SO-6
  Rule: The restart starts fresh

    Scenario: Ada restarts after signing out
      Given Ada is signed in
      And Ada has pressed "sign out"
      When Ada presses "restart"
      Then the window shows the login form
      And it is another window than before
      And it does not say "Ada"
      And sync and the assistant are off
      And no token is stored
      And nothing else happened

  @SO-7
  Rule: A sign-out wins over whatever is under way

    Scenario: Ada signs out while the start is still asking the server
      Given Ada was signed in when the app was closed
      And the next "refresh" request is not answered yet
      And the app is open
      When Ada presses "sign out"
      Then the window shows the login form
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out                                                             |
        | keychain | delete key                                                           |
        | disk     | delete tokens, delete journal, delete profile, delete sync state     |

    @inproc
    Scenario: The answer that comes after it brings nothing back
      Given Ada was signed in when the app was closed
      And the next "refresh" request is not answered yet
      And the app is open
      And Ada has pressed "sign out"
      When the server answers
      Then the window shows the login form
      And no token is stored
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server   | sign-out |

  @SO-8
  Rule: A sign-out in one copy of the app signs the others out

    @inproc
    Scenario: Ada signs out in another window of the app
      Given Ada is signed in
      When another copy of the app signs out
      Then the window shows that a restart is needed
      And it says "You were signed out in another window of the app."
      And it is the same window as before
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out                                                            |
        | keychain | delete key                                                          |
        | disk     | delete tokens, delete profile, delete sync state, write history     |
        | notice   | You were signed out in another window of the app.                   |
