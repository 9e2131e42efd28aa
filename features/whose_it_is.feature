@inproc
Feature: Whose it is

  A computer can have several copies of the app on it, several people before it, one after the other, and an account at more than one
  server. The worst that an app which keeps sessions can do is to mix them: a page of Ada's diary that ends in Bob's account
  can't be taken back. So everything that is done for a person belongs to an owner: the server, the person, and the one session
  of that person which it was begun in. What belongs to one owner never goes on with another's token, name, notes or answer; it
  ends instead, and is kept where it is.

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
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                   |
        | keychain | read key                                                        |
        | disk     | write journal, write tokens, delete journal, write sync state   |

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
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                   |
        | keychain | read key                                                        |
        | disk     | write journal, write tokens, delete journal, write sync state   |

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
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                   |
        | keychain | read key                                                        |
        | disk     | write journal, write tokens, delete journal, write sync state   |

  @OW-2
  Rule: So it is with a JWT, which says who somebody is

    Scenario: The API refuses Ada's JWT after Bob has signed in
      Given a server that hands out JWTs
      And Ada is signed in
      And the next "who am I" request is refused, but not yet
      And the app itself is asking the server who is signed in, with a JWT
      And Ada has pressed "sign out"
      And Ada has pressed "restart"
      And Bob has signed in
      When the server answers
      Then that call failed with "No access token available"
      And the app holds no JWT
      And the window shows Bob signed in
      And Bob's tokens are kept
      And nothing else happened

    Scenario: Bob signs in in another copy while Ada's JWT is fetched
      Given a server that hands out JWTs
      And Ada is signed in
      And another copy of the app is open
      And Ada's access token has run out
      And the next "JWT" request is not answered yet
      And the app itself is asking the server who is signed in, with a JWT
      And Bob has signed in in the other copy
      When the server answers
      Then that call failed with "No access token available"
      And the app holds no JWT
      And the window shows Bob signed in
      And Bob's tokens are renewed
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                   |
        | keychain | read key                                                        |
        | disk     | write journal, write tokens, delete journal, write sync state   |

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

    Scenario: Ada asks for a summary, and it comes when Bob is signed in
      Given Ada is signed in
      And another copy of the app is open
      And Ada wrote the note "Dear diary. Nobody knows."
      And the next "summary" request is not answered yet
      And Ada has pressed "summarise"
      And Bob has signed in in the other copy
      And 10 seconds have passed
      When the server answers
      Then the window is refused "No access token available"
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
        | server   | sign-out                           |
        | keychain | read key                           |
        | disk     | delete profile, delete sync state  |
