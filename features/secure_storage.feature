Feature: Secure storage

  Whoever holds a token is the person it was given to. On a desktop every program of the person can
  read the person's files, every backup copies them, and laptops are stolen. So a token is never on
  the disk in the clear: it is sealed under a key that the operating system's keychain keeps.

  Keychains are locked, missing, slow, and sometimes not keychains at all. None of that may cost a
  session, and none of it may be papered over: where secrets can't be kept, the app says so and does
  not sign in.

  The window may still use the recipe's five operations (is it available, set, get, delete, clear),
  as a vault that takes and does not give: get answers with a handle that changes when the token
  does, and says nothing about it.

  @SS-1
  Rule: A token is encrypted before it reaches the disk

    Scenario: Ada looks into every file of the app
      Given the app is open
      When Ada signs in
      Then Ada's tokens are stored
      And no secret is where it must not be
      And what is usual at a sign-in happened, and nothing else

    @inproc
    Scenario Outline: Ada's folder comes from a backup, and <who> it
      Given <who> the app's folder
      And the app is open
      When Ada signs in
      Then nobody else may look into the app's folder
      And Ada's tokens are stored
      And what is usual at a sign-in happened, and nothing else

      Examples:
        | who                        |
        | a group may look into      |
        | anybody may put files into |

  @SS-2
  Rule: What was stored before a restart is read back after it

    Scenario: Ada's tokens are used by the next start
      Given Ada was signed in when the app was closed
      When Ada opens the app
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And what is usual at a start happened, and nothing else

    @inproc
    Scenario: What the window stored has the same handle after a restart
      Given the app is open
      And the window has stored "a token" as accessToken
      And the window has stored "another" as refreshToken
      And the window was closed
      And the server can't be reached
      And the app is open
      When the window asks for accessToken
      Then the window is answered with the handle of "a token"
      And nothing else happened

    Scenario Outline: They are although the keychain <state>
      Given Ada's keychain is GNOME Keyring
      And Ada was signed in when the app was closed
      And the keychain <state>
      When Ada opens the app
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And what is usual at a start happened, and nothing else

      Examples:
        | state                                |
        | has another keyring by default since |

      @inproc
      Examples: in a keychain that is played
        | state                                                  |
        | has another keyring by default since, and a locked one |
        | is on a bus that no variable names                     |

    @inproc
    Scenario Outline: They are although KWallet <state>
      Given Ada's keychain is KWallet
      And Ada was signed in when the app was closed
      And the keychain <state>
      When Ada opens the app
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And what is usual at a start happened, and nothing else

      Examples:
        | state                                              |
        | loses what was agreed with the app                 |
        | calls itself locked, and the log-in has opened it  |
        | calls itself ksecretd, and locked, and the log-in has opened it |
        | has an empty item of that name before the key      |
        | gives two keys of other programs before the app's  |

  @SS-3
  Rule: To read what was never stored is a success that gives nothing

    @inproc
    Scenario: The window asks on a new computer
      Given the app is open
      When the window asks for refreshToken
      Then the window is answered with nothing
      And no token is stored
      And nothing else happened

  @SS-4
  Rule: Without a keychain nothing is written, and deleting still works

    @inproc
    Scenario: Setting
      Given the app is open
      And the keychain is not there
      When the window stores "a token" as accessToken
      Then the window is refused "Secure storage not available"
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Getting
      Given the app is open
      And the window has stored "a token" as accessToken
      And the keychain is not there
      When the window asks for accessToken
      Then the window is refused "Secure storage not available"
      And nothing else happened

    @inproc
    Scenario: Deleting
      Given the app is open
      And the window has stored "a token" as accessToken
      And the keychain is not there
      When the window deletes accessToken
      Then the window is answered with nothing
      And this happened, and nothing else:
        | disk | write tokens |

    @inproc
    Scenario: Clearing
      Given the app is open
      And the window has stored "a token" as accessToken
      And the keychain is not there
      When the window clears the storage
      Then the window is answered with nothing
      And this happened, and nothing else:
        | disk | write stray keys, delete tokens |

    @inproc
    Scenario: KWallet, asked past the Secret Service, has lost the key, so there is nothing to delete
      Given Ada's keychain is KWallet
      And the keychain is set up to be asked past the Secret Service
      And Ada is signed in
      And the keychain has lost the app's key
      When Ada presses "sign out"
      Then the window shows that a restart is needed
      And Ada's tokens are gone
      And this happened, and nothing else:
        | server   | sign-out                                         |
        | keychain | delete key                                       |
        | disk     | delete tokens, delete profile, delete sync state |

    @inproc
    Scenario Outline: Ada reads why <program> can't be had, and what helps: it <state>
      Given Ada's keychain is <program>
      And Ada was signed in when the app was closed
      And the keychain <state>
      When Ada opens the app
      Then the window shows that signing in is not possible
      And it says "<sentence>"
      And it says "<cure>"
      And the stored tokens are kept
      And nothing else happened

      Examples:
        | program       | state                                       | sentence                                                           | cure                                                                              |
        | GNOME Keyring | is not there                                | No keychain service answers on this desktop.                       | Install and start a keychain service (GNOME Keyring, KWallet or KeePassXC)        |
        | GNOME Keyring | is gone before it has answered              | No keychain service answers on this desktop.                       | Install and start a keychain service (GNOME Keyring, KWallet or KeePassXC)        |
        | KWallet       | leaves the bus before it has answered       | No keychain service answers on this desktop.                       | Install and start a keychain service (GNOME Keyring, KWallet or KeePassXC)        |
        | GNOME Keyring | is on another bus than the variable names   | No keychain service answers on this desktop.                       | Install and start a keychain service (GNOME Keyring, KWallet or KeePassXC)        |
        | GNOME Keyring | can't be started by the bus                 | No keychain service answers on this desktop.                       | Install and start a keychain service (GNOME Keyring, KWallet or KeePassXC)        |
        | GNOME Keyring | may not be spoken to from the app's sandbox | This program may not speak to the keychain.                        | Let its sandbox (Flatpak, Snap) use org.freedesktop.secrets on the session bus    |
        | KeePassXC     | runs, and does not offer its keys           | KeePassXC runs, but does not offer its keys to other programs.     | In KeePassXC, enable Tools > Settings > Secret Service Integration                |
        | KWallet       | runs, and does not offer its keys           | KWallet runs, but does not offer its keys to other programs.       | In KDE's System Settings, under KDE Wallet, let it serve the Secret Service       |
        | KeePassXC     | ends while it asks                          | The keychain service ended while it was asked.                     | Start it again, then try again.                                                   |
        | GNOME Keyring | locks itself before it has given the key    | Your keychain is locked.                                           | Unlock your keychain, then try again.                                             |
        | KWallet       | hands the key over in no session            | The keychain failed (NoSession).                                   | Try again; `refapp doctor` shows what the keychain says.                          |
        | KeePassXC     | has no keyring yet                          | KeePassXC runs, but shows no group of a database to other programs.| In KeePassXC, choose a group under Database > Database Settings                   |

    @inproc
    Scenario: The keychain's program hangs, and Ada is not kept waiting for it
      Given Ada's keychain is GNOME Keyring
      And Ada was signed in when the app was closed
      And the keychain does not answer
      And the app is open
      When 10 seconds pass
      Then the window shows that signing in is not possible
      And it says "The keychain did not answer in time."
      And the stored tokens are kept
      And nothing else happened

  @SS-5
  Rule: Every storage operation is answered with a result

    @inproc
    Scenario Outline: The window asks while the keychain <state>
      Given the app is open
      And the keychain <state>
      When the window asks whether storage is available
      Then the window is answered "<answer>"
      And no token is stored
      And nothing else happened

      Examples:
        | state            | answer |
        | works again      | true   |
        | is not there     | false  |
        | is locked        | false  |
        | does not encrypt | false  |
        | does not answer  | false  |
        | fails            | false  |

  @SS-6
  Rule: A failure says so, and loses nothing that is stored

    @inproc
    Scenario: Encrypting fails
      Given the app is open
      And the window has stored "a token" as accessToken
      And the disk is full
      When the window stores "another" as refreshToken
      Then the window is refused "Encryption failed: "
      And the stored tokens are kept
      And nothing else happened

    @inproc
    Scenario Outline: <deleting> fails
      Given the app is open
      And the window has stored "a token" as accessToken
      And the window has stored "another" as refreshToken
      And the disk is read-only
      When the window <asks>
      Then the window is refused "<sentence>"
      And the stored tokens are kept
      And nothing else happened

      Examples:
        | deleting | asks                | sentence                                                                |
        | Deleting | deletes accessToken | Delete failed: The file of your stored session could not be written.    |
        | Clearing | clears the storage  | Clear failed: The file of your stored session could not be deleted.     |

    @inproc
    Scenario: Decrypting fails
      Given the app is open
      And the window has stored "a token" as accessToken
      And the token file was damaged
      When the window asks for accessToken
      Then the window is refused "Decryption failed: "
      And the stored tokens are kept
      And nothing else happened

    @inproc
    Scenario: The keychain keeps another text than it was given, and no token is sealed under that
      Given Ada's keychain is GNOME Keyring
      And the app is open
      And the keychain keeps another text than it is given
      When Ada signs in
      Then the window shows the login form
      And it says "The keychain did not keep what it was given."
      And the keychain holds no key of the app
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in, session check, sign-out |
        | disk   | write stray keys                 |

    @inproc
    Scenario: Nor under one that it has not kept at all
      Given Ada's keychain is KWallet
      And the keychain is set up to be asked past the Secret Service, and keeps nothing
      And the app is open
      When Ada signs in
      Then the window shows the login form
      And it says "The keychain did not keep what it was given."
      And the keychain holds no key of the app
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in, session check, sign-out |
        | disk   | write stray keys                 |

  @SS-7
  Rule: The window can name two keys alone

    @inproc
    Scenario: The window asks for what the app itself keeps
      Given Ada is signed in
      When the window asks for session
      Then the window is refused "The parameters are not what the method takes."
      And the stored tokens are kept
      And this happened, and nothing else:
        | notice | The window ended unexpectedly and was started again. Nothing that was stored is lost. |

  @SS-8
  Rule: A keychain that does not encrypt counts as none

    @inproc
    Scenario Outline: Ada is told why, and what to do: it <state>
      Given Ada's keychain is GNOME Keyring
      And the keychain <state>
      When Ada opens the app
      Then the window shows that signing in is not possible
      And it says "<sentence>"
      And it says "give the keyring a password"
      And no token is stored
      And nothing else happened

      Examples:
        | state                                  | sentence                                                                              |
        | does not encrypt                       | is not known to encrypt                                                               |
        | is what her file names, which does not encrypt | is not known to encrypt                                                       |
        | has a keyring without a password       | Your keyring has a blank password, so the desktop keeps it unencrypted on the disk.   |
        | has settings that somebody has changed | The settings of the keychain Secret Service were changed for this run.                |

    Scenario: What is in memory alone is encrypted nowhere, and gone with the log-out
      Given Ada's keychain is GNOME Keyring
      And the keychain forgets everything at the log-out
      When Ada opens the app
      Then the window shows that signing in is not possible
      And it says "The desktop's default keyring lives in memory and forgets everything when you log out."
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: A new keyring gets its file with the first key, and only that shows that it has no password
      Given Ada's keychain is GNOME Keyring
      And the keychain writes its first key under no password
      And the app is open
      When Ada signs in
      Then the window shows the login form
      And it says "Your keyring has a blank password, so the desktop keeps it unencrypted on the disk."
      And the keychain holds no key of the app
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in, session check, sign-out |
        | disk   | write stray keys                 |

    @inproc
    Scenario: Signing in is refused with the same words
      Given the app is open
      And the keychain does not encrypt
      When Ada signs in
      Then the window shows that signing in is not possible
      And it says "is not known to encrypt"
      And no token is stored
      And nothing else happened

  @SS-9
  Rule: The token file is readable JSON around sealed values

    Scenario: Ada opens the token file in an editor
      Given the app is open
      When Ada signs in
      Then the token file is JSON that names its server, its cipher and its key, and seals the rest
      And what is usual at a sign-in happened, and nothing else

  @SS-10
  Rule: Profile and tokens lie apart

    Scenario: Two files, and neither holds the other's data
      Given the app is open
      When Ada signs in
      Then the settings hold "Ada Lovelace" and no token
      And the token file holds no "Lovelace"
      And what is usual at a sign-in happened, and nothing else

  @SS-11
  Rule: The pair is written as one

    Scenario: Both tokens of a fresh pair come in one write
      Given Ada is signed in
      And Ada's access token has run out
      When Ada presses "sync"
      Then Ada's tokens are renewed
      And this happened, and nothing else:
        | server | notes, refresh, notes                                           |
        | disk   | write journal, write tokens, delete journal, write sync state   |

    @inproc
    Scenario: The disk fills up while a refreshed pair is written
      Given Ada is signed in
      And Ada's access token has run out
      And the disk is full
      When Ada presses "sync"
      Then Ada's tokens are kept
      And the window shows Ada offline
      And this happened, and nothing else:
        | server | notes |

    @inproc
    Scenario: The key that seals them is on the disk before they are
      Given Ada's keychain is GNOME Keyring
      And the app is open
      When Ada signs in
      Then Ada's tokens are stored
      And "write key" came before "write tokens"
      And what is usual at a sign-in happened, and nothing else

    @inproc
    Scenario: The keychain's program has answered and not written its file yet, and no token is
      Given Ada's keychain is KeePassXC
      And the keychain writes its file a moment after it has answered
      And the app is open
      And Ada's sign-in is under way
      When 2 seconds pass
      Then the window shows that a sign-in is under way
      And no token is stored
      And nothing else happened

  @SS-12
  Rule: A sealed value is bound to its place

    @inproc
    Scenario Outline: The token file <is>
      Given Ada was signed in when the app was closed
      And the token file <is>
      When Ada opens the app
      Then the window shows the login form
      And it says "The file of your stored session"
      And this happened, and nothing else:
        | keychain | <keychain>                                    |
        | disk     | write history                                 |
        | notice   | <notice> Sign in again; the old file is then kept under another name. |

      Examples:
        | is                           | keychain | notice                                                   |
        | was changed by a bit         | read key | The file of your stored session is damaged.              |
        | has its two values swapped   | read key | The file of your stored session is damaged.              |
        | names another keychain       | read key | The file of your stored session is damaged.              |
        | names another write          | read key | The file of your stored session is damaged.              |

    @inproc
    Scenario Outline: The token file names <what>
      Given Ada was signed in when the app was closed
      And the token file names <what>
      When Ada opens the app
      Then the window shows the login form
      And the stored tokens are kept
      And this happened, and nothing else:
        | disk   | write history |
        | notice | <notice> Sign in again; the old file is then kept under another name. |

      Examples:
        | what             | notice                                                       |
        | another server   | The file of your stored session belongs to another server.   |
        | another program  | The file of your stored session belongs to another server.   |
        | its server twice | The file of your stored session is damaged.                  |
        | the version 0    | The file of your stored session is damaged.                  |

    @inproc
    Scenario: There is a folder in its place
      Given Ada was signed in when the app was closed
      And the token file is a folder
      When Ada opens the app
      Then the window shows the login form
      And this happened, and nothing else:
        | disk   | write history |
        | notice | The file of your stored session is damaged. Sign in again; the old file is then kept under another name. |

  @SS-13
  Rule: A keychain that is locked or silent costs no session

    Scenario: Ada unlocks her keychain and goes on
      Given Ada was signed in when the app was closed
      And the keychain is locked
      And the app is open
      When Ada presses "unlock"
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And what is usual at a start happened, and nothing else

    @inproc
    Scenario: Ada's keychain is locked at the start, and there is a way to unlock it
      Given Ada was signed in when the app was closed
      And the keychain is locked
      When Ada opens the app
      Then the window shows that signing in is not possible
      And it says "Unlock"
      And it does not say "Try again"
      And the stored tokens are kept
      And nothing else happened

    @inproc
    Scenario: Ada unlocks the keyring that is locked, and none but the app's key is asked for
      Given Ada's keychain is GNOME Keyring
      And Ada was signed in when the app was closed
      And the keychain is locked
      And the app is open
      When Ada presses "unlock"
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And what is usual at a start happened, and nothing else

    @inproc
    Scenario: A new computer has no keyring yet, and unlocking makes one
      Given Ada's keychain is GNOME Keyring
      And the keychain has no keyring yet
      And the app is open
      When Ada presses "unlock"
      Then the window shows the login form
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: KeePassXC asks for each key, and a second later the window says so
      Given Ada's keychain is KeePassXC
      And Ada was signed in when the app was closed
      And the keychain asks before it gives a key
      And the app is open
      When a second passes
      Then it says "KeePassXC asks you whether the app may use its key."
      And the stored tokens are kept
      And nothing else happened

    @inproc
    Scenario: GNOME Keyring asks for its keyring's password, and the window says who asks
      Given Ada's keychain is GNOME Keyring
      And Ada was signed in when the app was closed
      And the keychain asks before it gives a key
      And the keychain is locked
      And the app is open
      And Ada has pressed "unlock"
      When a second passes
      Then it says "GNOME Keyring asks you"
      And the stored tokens are kept
      And nothing else happened

    @inproc
    Scenario Outline: Ada <says> to KeePassXC
      Given Ada's keychain is KeePassXC
      And Ada was signed in when the app was closed
      And the keychain asks before it gives a key
      And the app is open
      When Ada answers the keychain with <answer>
      Then the window shows <what>
      And it <tells> "The keychain's question was not answered with yes."
      And Ada's tokens are <fate>
      And <happened>

      Examples:
        | says     | answer | what                            | tells        | fate    | happened                                                |
        | says yes | yes    | Ada signed in                   | does not say | renewed | what is usual at a start happened, and nothing else     |
        | says no  | no     | that signing in is not possible | says         | kept    | nothing else happened                                   |

    @inproc
    Scenario: KWallet is asked past the Secret Service, so nothing tells whether it asks, and Ada has all the time
      Given Ada's keychain is KWallet
      And the keychain is set up to be asked past the Secret Service
      And Ada was signed in when the app was closed
      And the keychain asks before it gives a key
      And the app is open
      When 120 seconds pass
      Then it says "KWallet may ask you whether the app may use its key. Answer there, or cancel."
      And the stored tokens are kept
      And nothing else happened

    @inproc
    Scenario: Ada gives that up and unlocks, and KWallet is asked nothing more while its question stands
      Given Ada's keychain is KWallet
      And the keychain is set up to be asked past the Secret Service
      And Ada was signed in when the app was closed
      And the keychain asks before it gives a key
      And the app is open
      And Ada has pressed "cancel the keychain's question"
      When Ada presses "unlock"
      Then the window shows that signing in is not possible
      And the stored tokens are kept
      And nothing else happened

    @inproc
    Scenario Outline: Ada <says> to KWallet that is asked so
      Given Ada's keychain is KWallet
      And the keychain is set up to be asked past the Secret Service
      And Ada was signed in when the app was closed
      And the keychain asks before it gives a key
      And the app is open
      When Ada answers the keychain with <answer>
      Then the window shows <what>
      And it <tells> "Open the wallet in KDE's wallet manager and allow the app, then try again."
      And Ada's tokens are <fate>
      And <happened>

      Examples:
        | says     | answer | what                            | tells        | fate    | happened                                                |
        | says yes | yes    | Ada signed in                   | does not say | renewed | what is usual at a start happened, and nothing else     |
        | says no  | no     | that signing in is not possible | says         | kept    | nothing else happened                                   |

    @inproc
    Scenario Outline: The keychain <state> at the start and works a minute later
      Given Ada was signed in when the app was closed
      And the keychain <state>
      And the app is open
      And the keychain works again
      When Ada presses "try again"
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And what is usual at a start happened, and nothing else

      Examples:
        | state           |
        | does not answer |
        | fails           |

    @inproc
    Scenario: The keychain asks before it gives the key, and the window says so
      Given Ada was signed in when the app was closed
      And the keychain asks before it gives a key
      And the app is open
      When a second passes
      Then it says "Test Keychain asks you whether it may."
      And the stored tokens are kept
      And nothing else happened

    @inproc
    Scenario Outline: Ada answers the keychain's question with yes after <time>
      Given Ada was signed in when the app was closed
      And the keychain asks before it gives a key
      And the app is open
      And <time> have passed
      When Ada answers the keychain with yes
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And what is usual at a start happened, and nothing else

      Examples:
        | time       |
        | 5 seconds  |
        | 60 minutes |

    @inproc
    Scenario Outline: Ada <says no> when the keychain asks
      Given Ada was signed in when the app was closed
      And the keychain asks before it gives a key
      And the app is open
      When Ada <does>
      Then the window shows that signing in is not possible
      And it says "<sentence>"
      And the stored tokens are kept
      And nothing else happened

      Examples:
        | says no         | does                                     | sentence                                                                                           |
        | says no         | answers the keychain with no             | The keychain's question was not answered with yes. Try again, and allow it in the keychain's window. |
        | gives no answer | presses "cancel the keychain's question" | You cancelled the keychain's question. Its window may still be there: close it, then try again when you like.                           |

    @inproc
    Scenario: The window has the keychain ask again and again
      Given Ada was signed in when the app was closed
      And the keychain asks before it gives a key
      And the app is open
      And Ada has given up what the keychain asked 5 times
      When 50 seconds pass
      Then the window shows that signing in is not possible
      And it says "Your keychain has asked you several times just now. Wait a minute, then try again."
      And the stored tokens are kept
      And nothing else happened

    @inproc
    Scenario: A minute later it may ask again
      Given Ada was signed in when the app was closed
      And the keychain asks before it gives a key
      And the app is open
      And Ada has given up what the keychain asked 5 times
      And a minute has passed
      And Ada has pressed "unlock"
      When a second passes
      Then it says "Test Keychain asks you whether it may."
      And the stored tokens are kept
      And nothing else happened

    @inproc
    Scenario: Ada mistypes her password once the keychain is there again, and reads that she has
      Given the keychain is locked
      And the app is open
      And the keychain works again
      When Ada signs in with the password "a guess"
      Then the window shows the login form
      And it says "Invalid email or password"
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

    @inproc
    Scenario: Ada cancels the sign-in that she began because the keychain was locked
      Given Ada was signed in when the app was closed
      And the keychain is locked
      And the app is open
      And the keychain works again
      And Ada has pressed "sign in with the browser"
      When Ada presses "cancel"
      Then the window shows Ada signed in
      And nobody waits for the browser any more
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server | refresh, session check, notes                                 |
        | disk   | write journal, write tokens, delete journal, write sync state |

  @SS-14
  Rule: A token file that can't be read is told apart and never overwritten

    @inproc
    Scenario: The keychain has lost the key
      Given Ada was signed in when the app was closed
      And the keychain has lost the app's key
      When Ada opens the app
      Then the window shows the login form
      And it says "The keychain no longer has the key of your stored session."
      And the stored tokens are kept
      And this happened, and nothing else:
        | keychain | read key      |
        | disk     | write history |
        | notice   | The keychain no longer has the key of your stored session. Sign in again; the old file is then kept under another name. |

    @inproc
    Scenario: The keychain has nothing in its place
      Given Ada was signed in when the app was closed
      And the keychain has nothing in the place of the app's key
      When Ada opens the app
      Then the window shows the login form
      And it says "The keychain no longer has the key of your stored session."
      And the stored tokens are kept
      And this happened, and nothing else:
        | keychain | read key      |
        | disk     | write history |
        | notice   | The keychain no longer has the key of your stored session. Sign in again; the old file is then kept under another name. |

    @inproc
    Scenario: The keychain has something else in its place, which is no text
      Given Ada's keychain is GNOME Keyring
      And Ada was signed in when the app was closed
      And the keychain has no text in the place of the app's key
      When Ada opens the app
      Then the window shows the login form
      And it says "The keychain no longer has the key of your stored session."
      And the stored tokens are kept
      And this happened, and nothing else:
        | keychain | read key      |
        | disk     | write history |
        | notice   | The keychain no longer has the key of your stored session. Sign in again; the old file is then kept under another name. |

    @inproc
    Scenario: A newer version wrote the key
      Given Ada was signed in when the app was closed
      And the keychain has the app's key as a newer version keeps it
      When Ada opens the app
      Then the window shows that signing in is not possible
      And it says "The key in the keychain has a form that this version does not know."
      And the stored tokens are kept
      And this happened, and nothing else:
        | keychain | read key |

    @inproc
    Scenario: A newer version wrote the file
      Given Ada was signed in when the app was closed
      And the token file was written by a newer version
      When Ada opens the app
      Then the window shows that signing in is not possible
      And it says "written by a newer version of this app"
      And it says "Start the newer version of the app, or move the file away and sign in again."
      And the stored tokens are kept
      And nothing else happened

    @inproc
    Scenario: Signing in sets a damaged file aside
      Given Ada was signed in when the app was closed
      And the token file was damaged
      And the app is open
      When Ada signs in
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And the damaged file is still there under another name
      And "write key" came before "set aside tokens"
      And this happened, and nothing else:
        | server   | sign-in, session check, notes                                        |
        | keychain | write key                                                            |
        | disk     | set aside tokens, write tokens, write profile, write sync state      |

    @inproc
    Scenario Outline: While the tokens are renewed the key is lost and their file <how>, so the new ones go to another file
      Given Ada is signed in
      And Ada's access token has run out
      And the next "refresh" request is not answered yet
      And Ada has pressed "sync"
      And the keychain has lost the app's key
      And the token file <how>
      When the server answers
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And the damaged file is still there under another name
      And this happened, and nothing else:
        | server   | notes                                                             |
        | keychain | <keys>                                                            |
        | disk     | set aside tokens, write tokens, delete journal, write sync state  |

      Examples:
        | how                     | keys                          |
        | is brackets without end | write key                     |
        | names another key       | read key, read key, write key |

    @inproc
    Scenario: The next one is damaged within the same second, and both are kept
      Given Ada was signed in when the app was closed
      And the token file is brackets without end
      And Ada is signed in
      And the window was closed
      And the token file was damaged
      And the app is open
      When Ada signs in
      Then the window shows Ada signed in
      And Ada's tokens are stored
      And each damaged file is still there under another name
      And this happened, and nothing else:
        | server   | sign-in, session check, notes                      |
        | keychain | write key                                          |
        | disk     | set aside tokens, write tokens, write profile, write sync state   |

  @SS-15
  Rule: Two copies that start together end up with one master key

    @inproc
    Scenario: Both windows store a token on a new computer
      Given the app is open
      And another copy of the app is open
      When both windows store "a token" as accessToken at once
      Then the keychain holds 1 key of the app
      And this happened, and nothing else:
        | keychain | write key, read key        |
        | disk     | write tokens, write tokens |

  @SS-16
  Rule: The keychain is asked at most once a start

    Scenario: A refresh after the start does not touch it
      Given Ada was signed in when the app was closed
      And the app is open
      And Ada's access token has run out
      When Ada presses "sync"
      Then Ada's tokens are renewed
      And this happened, and nothing else:
        | server | notes, refresh, notes                                           |
        | disk   | write journal, write tokens, delete journal, write sync state   |

  @SS-17
  Rule: The master key can be replaced

    @inproc
    Scenario: The tokens lie under a new key
      Given Ada is signed in
      When the app's command replaces the master key
      Then the command succeeds and says "What is stored for http://127.0.0.1:7001 is sealed under a new key now; the old key is deleted."
      And the keychain holds 1 key of the app
      And it is another key than before
      And "write tokens" came before "delete key"
      And this happened, and nothing else:
        | keychain | read key, write key, delete key |
        | disk     | write tokens                    |

    @inproc
    Scenario: The keychain asks whether the command may use the old one, which it says meanwhile
      Given Ada is signed in
      And the keychain asks before it gives a key
      When the app's command replaces the master key
      Then the command succeeds and says "Test Keychain asks you whether it may."
      And the keychain holds 1 key of the app
      And it is another key than before
      And this happened, and nothing else:
        | keychain | read key, write key, delete key |
        | disk     | write tokens                    |

    @inproc
    Scenario: The keychain does not delete the old one, and Ada is told where it is
      Given Ada is signed in
      And the keychain deletes nothing
      When the app's command replaces the master key
      Then the command fails and names the old key as the keychain does
      And the keychain holds 2 keys of the app
      And this happened, and nothing else:
        | keychain | read key, write key            |
        | disk     | write stray keys, write tokens |

    @inproc
    Scenario: The disk is not sure of the file, so the old key is kept for the old file
      Given Ada is signed in
      And the disk is unable to confirm a change
      When the app's command replaces the master key
      Then the command fails and says "The disk did not confirm the change of the file of your stored session. What is stored is sealed under a new key now; the old one is kept, for after a power cut the old file may be back. Check the disk."
      And the keychain holds 2 keys of the app
      And this happened, and nothing else:
        | keychain | read key, write key            |
        | disk     | write stray keys, write tokens |

    @inproc
    Scenario: The disk is full, so the old key stays in use
      Given Ada is signed in
      And the disk is full
      When the app's command replaces the master key
      Then the command fails and says "The file of your stored session could not be written. The session is kept as it was. Free some disk space or mend the folder's permissions, then try again."
      And Ada's tokens are kept
      And the keychain holds 1 key of the app
      And this happened, and nothing else:
        | keychain | read key, write key, delete key |

    @inproc
    Scenario: Another copy is about to change the file, so the key is not replaced beside it
      Given Ada is signed in
      And another copy of the app is busy with the stored session
      When the app's command replaces the master key
      Then the command fails and says "is busy with the stored session. The session is kept as it was. If it hangs, end that process, then try again."
      And Ada's tokens are kept
      And nothing else happened

    @inproc
    Scenario: There is nothing to seal
      Given the app is open
      When the app's command replaces the master key
      Then the command succeeds and says "Nothing is stored for http://127.0.0.1:7001, so there is no key to replace."
      And no token is stored
      And nothing else happened

  @SS-18
  Rule: Without a keychain a session may be kept in memory, if the person chooses so

    Scenario: Ada is told what she can choose
      Given the keychain is not there
      When Ada opens the app
      Then the window shows that signing in is not possible
      And it says "Keep my session in memory alone"
      And it says "nothing of it is written, and you are signed out when the app is closed."
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Her session has expired before, and nobody is named whom the keychain keeps out
      Given Ada is signed in
      And the server has ended Ada's session
      And Ada has pressed "sync"
      And the window was closed
      And the keychain is not there
      When Ada opens the app
      Then the window shows that signing in is not possible
      And it does not say "Ada"
      And no token is stored
      And nothing else happened

    Scenario: Ada chooses it and signs in
      Given the keychain is not there
      And the app is open
      And Ada has pressed "keep my session in memory alone"
      When Ada signs in
      Then the window shows Ada signed in
      And it says "There is no keychain, so your session is kept in memory alone"
      And it does not say "Try again"
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in, session check, notes |
        | disk   | write sync state              |

    @inproc
    Scenario: Ada's access token runs out
      Given the keychain is not there
      And the app is open
      And Ada has pressed "keep my session in memory alone"
      And Ada has signed in
      And Ada's access token has run out
      When Ada presses "sync"
      Then the window shows Ada signed in
      And no token is stored
      And this happened, and nothing else:
        | server | notes, refresh, notes |
        | disk   | write sync state      |

    @inproc
    Scenario Outline: Ada closes the app, and <server> is told <how>
      Given <server>
      And the keychain is not there
      And the app is open
      And Ada has pressed "keep my session in memory alone"
      And Ada has signed in
      And <since>
      When Ada closes the app
      Then no token is stored
      And no session of Ada is alive on the server
      And this happened, and nothing else:
        | server | <asked> |

      Examples:
        | server                         | how              | since                                                                                                          | asked                       |
        | a server with refresh tokens   | at once          | one second has passed                                                                                          | sign-out                    |
        | a server with refresh tokens   | with a new token | the answer to the next "sign-out" request is 401 json - {"message":"Session expired","code":"SESSION_EXPIRED"} | sign-out, refresh, sign-out |
        | a server with sliding sessions | at once          | one second has passed                                                                                          | sign-out                    |

    @inproc
    Scenario: The session of before is still there when the keychain is
      Given Ada was signed in when the app was closed
      And the keychain is not there
      And the app is open
      When Ada presses "keep my session in memory alone"
      Then the window shows the login form
      And the stored tokens are kept
      And nothing else happened

    @inproc
    Scenario Outline: It is not offered where the keychain <state>
      Given the keychain <state>
      And the app is open
      When the window asks to keep the session in memory alone
      Then the window shows that signing in is not possible
      And it does not say "Keep my session in memory alone"
      And no token is stored
      And nothing else happened

      Examples:
        | state           |
        | is locked       |
        | does not answer |
        | fails           |
