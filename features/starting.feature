Feature: How the app is started, and what it says when it can't be

  Who starts the app from a menu reads none of this. Who starts it in a terminal, or has a script
  that does, reads what it says there, and goes by its exit code. Mostly something is wrong then:
  an address, a place, the display, the window's own program. So a start that fails says what could
  not be used, under the name that it was given by, and what to give or to do in its place.

  What fails this early costs nothing. The window that had begun meanwhile is ended, nothing is
  written, and neither the keychain nor the server has been asked for anything. What is stored is as
  it was.

  The exit codes: 0 closed, 1 failed, 2 a setting that can't be used, 69 no display, 70 the window
  can't be confined or its display not guarded, 71 the window tried what it must never do.

  @ST-1
  Rule: There is no start for an address that would carry a token in the clear

    @inproc
    Scenario Outline: Ada's server is said to be at <address>
      Given Ada was signed in when the app was closed
      When Ada starts the app with "--server <address> --allow-ungated-display"
      Then the app has ended with 2, and said this:
        """
        refapp: --server '<address>': <why>
        """
      And the window that was begun is gone
      And Ada's tokens are kept
      And nothing else happened

      Examples:
        | address                            | why                                                                              |
        | http://192.168.1.20:3000           | plain http is for this machine only; use https, or tokens travel in the clear.   |
        | http://localhost.example.com       | plain http is for this machine only; use https, or tokens travel in the clear.   |
        | http://notlocalhost:3000           | plain http is for this machine only; use https, or tokens travel in the clear.   |
        | https://ada@auth.example.com       | give the address alone, without a user name or query.                            |
        | https://auth.example.com/?token=12 | give the address alone, without a user name or query.                            |
        | https://auth.example.com:65536     | the port is not a number between 0 and 65535.                                    |

    @inproc
    Scenario: The page to sign in at is one that anybody on the way could change
      Given Ada was signed in when the app was closed
      When Ada starts the app with "--sign-in-page http://auth.example.com/sign-in"
      Then the app has ended with 2, and said this:
        """
        refapp: --sign-in-page 'http://auth.example.com/sign-in': plain http is for this machine only; use https.
        """
      And Ada's tokens are kept
      And nothing else happened

    @inproc
    Scenario Outline: Nobody is on the way to <address>
      When Ada starts the app for "<address>" with a window that closes at once
      Then the app has ended with 0, and said nothing
      And no token is stored
      And nothing else happened

      Examples:
        | address                  |
        | http://127.0.0.1:9       |
        | http://localhost:9       |
        | http://[::1]:9           |
        | https://auth.example.com |

  @ST-2
  Rule: What can't be used is named as it was given, with what to give in its place

    @inproc
    Scenario Outline: Ada gives <what>
      Given Ada was signed in when the app was closed
      When Ada starts the app with "<words>"
      Then the app has ended with 2, and said this:
        """
        refapp: <said>
        """
      And no window was begun
      And Ada's tokens are kept
      And nothing else happened

      Examples:
        | what                              | words                                     | said                                                                                           |
        | a path that does not begin at /   | --auth-path auth                          | --auth-path 'auth': give a path of the server, such as /api/auth.                              |
        | the path in the address too       | --server https://example.com/api/auth     | --server 'https://example.com/api/auth': leave out /api/auth, where its auth endpoints are.    |
        | a page that is none               | --sign-in-page sign-in                    | --sign-in-page 'sign-in': give a path of the server, such as /sign-in, or an https address.    |
        | half a quotation for the browser  | --browser 'firefox "Ada'                 | --browser 'firefox "Ada': a quotation mark has no end.                                         |
        | half a quotation for the window   | --ui 'python "window'                    | --ui 'python "window': a quotation mark has no end.                                            |
        | a browser that is not here        | --browser refapp-browser                  | --browser 'refapp-browser': there is no such program.                                          |
        | a window program that is not here | --ui refapp-window                        | --ui 'refapp-window': there is no such program.                                                |
        | a folder as the window program    | --ui /proc                                | --ui '/proc': there is no such program.                                                        |
        | a toolkit without its window      | --ui-toolkit qt                           | --ui-toolkit says what the window of --ui is made with, and there is no --ui.                  |

    @inproc
    Scenario: Ada gives a word without what belongs to it
      Given the X server lets the app in
      When Ada starts the app with "--home --trace"
      Then the app ends and says "argument --home: expected one argument"
      And no window was begun
      And no token is stored
      And nothing else happened

    Scenario Outline: Ada names no server, and the port of the app's own is <whose>
      Who is there could be given her password. So another user's is not even asked.

      Given the port of the app's own server is <whose>
      When Ada starts the app for a server of its own with a window that is closed when it has shown Ada whose server it is
      Then the app has ended with 1, and said this:
        """
        refapp: WARNING Display isolation: none, as --allow-ungated-display asks. The window is an ordinary client of the display, and could see what other windows show, and type into them.
        refapp: The embedded server could not start. The port is taken. Use --server URL, or try again.
        """
      And the window that was begun is gone
      And no token is stored
      And nothing else happened

      Examples:
        | whose                          |
        | that of another user's server  |
        | that of another program of hers |

    @inproc
    Scenario Outline: Ada names no server, and has one all the same, though its port is <whose>
      Given the port of the app's own server is <whose>
      When Ada starts the app for a server of its own with a window that is closed when it has shown Ada whose server it is
      Then the app has ended with 0, and said this:
        """
        refapp: WARNING Display isolation: none, as --allow-ungated-display asks. The window is an ordinary client of the display, and could see what other windows show, and type into them.
        """
      And the window that was begun is gone
      And no token is stored
      And nothing else happened

      Examples:
        | whose                           |
        | that of her other copy's server |
        | none that can be                |
        | none yet                        |

  @ST-3
  Rule: A place that can't be used is named before anything is done with it

    @inproc
    Scenario Outline: Ada wants <what>
      Given Ada was signed in when the app was closed
      When Ada starts the app with "<words> --allow-ungated-display"
      Then the app has ended with 2, and said this:
        """
        refapp: <said>
        """
      And the window that was begun is gone
      And Ada's tokens are kept
      And nothing else happened

      Examples:
        | what                                          | words                       | said                                                                        |
        | its files where no folder can be made         | --home /proc/refapp         | The app's folder /proc/refapp can't be used: No such file or directory.     |
        | its files in what is no folder                | --home /dev/null            | The app's folder /dev/null can't be used: File exists.                      |
        | its trace where no file can be made           | --trace /proc/refapp/trace  | --trace /proc/refapp/trace: No such file or directory.                      |
        | its trace in what is a folder                 | --trace /proc               | --trace /proc: Is a directory.                                              |

    @inproc
    Scenario: Its window had begun by then, with a cookie of its own, and nothing of that is left
      Given Ada was signed in when the app was closed
      And the X server lets the app in
      When Ada starts the app on the desktop with "--server http://auth.example.com"
      Then the app has ended with 2, and said this:
        """
        refapp: --server 'http://auth.example.com': plain http is for this machine only; use https, or tokens travel in the clear.
        """
      And no cookie is left
      And Ada's tokens are kept
      And nothing else happened

    @inproc
    Scenario: There is no display either, and what can be mended at once is said first
      Given Ada was signed in when the app was closed
      When Ada starts the app with "--trace /proc/refapp/trace"
      Then the app has ended with 2, and said this:
        """
        refapp: --trace /proc/refapp/trace: No such file or directory.
        """
      And no window was begun
      And Ada's tokens are kept
      And nothing else happened

  @ST-4
  Rule: Where no window can be shown, the app says why, and what helps

    @inproc
    Scenario: No X server answers
      Given Ada was signed in when the app was closed
      When Ada starts the app
      Then the app has ended with 69, and said this:
        """
        refapp: There is no display to open a window on. The X server does not answer.
        Start it in a desktop session; `refapp tour` needs no display.
        """
      And no window was begun
      And Ada's tokens are kept
      And nothing else happened

    @inproc
    Scenario: The X server is somebody else's
      Given Ada was signed in when the app was closed
      And the X server lets nobody in
      When Ada starts the app
      Then the app has ended with 69, and said this:
        """
        refapp: There is no display to open a window on. The X server refused the cookie.
        Start it in a desktop session; `refapp tour` needs no display.
        """
      And no window was begun
      And Ada's tokens are kept
      And nothing else happened

    @inproc
    Scenario Outline: The X server wants a cookie, and Ada's is for <what>
      Given the X server wants its cookie, which Ada has for <what>
      When Ada starts the app with a window that fails without a word
      Then the app has ended with 1, and said this:
        """
        refapp: The window could not be started. It ended with code 3. Nothing that was stored is lost.
        """
      And no token is stored
      And nothing else happened

      Examples:
        | what                          |
        | any display                   |
        | any display of this computer  |
        | this display of any computer  |
        | this display of this computer |

    @inproc
    Scenario Outline: Hers is for <what>, so it does not let her in
      Given the X server wants its cookie, which Ada has for <what>
      When Ada starts the app with a window that fails without a word
      Then the app has ended with 69, and said this:
        """
        refapp: There is no display to open a window on. The X server refused the cookie.
        Start it in a desktop session; `refapp tour` needs no display.
        """
      And no window was begun
      And no token is stored
      And nothing else happened

      Examples:
        | what                                         |
        | another display of this computer             |
        | this display of another computer             |
        | this display of a computer with that address |

    @inproc
    Scenario: DISPLAY says nonsense
      Given Ada was signed in when the app was closed
      And DISPLAY is "the big one" where the app is started
      When Ada starts the app
      Then the app has ended with 69, and said this:
        """
        refapp: There is no display to open a window on. DISPLAY names no display: 'the big one'.
        Start it in a desktop session; `refapp tour` needs no display.
        """
      And no window was begun
      And Ada's tokens are kept
      And nothing else happened

  @ST-5
  Rule: A protection is left out only by its own word, and what that costs is said

    @inproc
    Scenario: The display is not guarded, and the window is to be confined all the same
      When Ada starts the app with a window that says that it is confined, and is not
      Then the app has ended with 70, and said this:
        """
        refapp: WARNING Display isolation: none, as --allow-ungated-display asks. The window is an ordinary client of the display, and could see what other windows show, and type into them.
        refapp: The window process is not confined: its thread 1234 has no system call filter.
        Use a Linux kernel with seccomp and Landlock, or accept the risk with --allow-unsandboxed-ui.
        """
      And the window that was begun is gone
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: The window need not be confined, and the display is to be guarded all the same
      Given Ada was signed in when the app was closed
      And the display's gate can't listen
      When Ada starts the app with "--allow-unsandboxed-ui"
      Then the app has ended with 70, and said this:
        """
        refapp: The display's gate can't listen in /tmp/.X11-unix: every number is taken.
        Mend that, or accept the risk with --allow-ungated-display.
        """
      And no window was begun
      And Ada's tokens are kept
      And nothing else happened

    @inproc
    Scenario: The display need not be guarded, so the window begins without its gate
      Given Ada was signed in when the app was closed
      And the display's gate can't listen
      When Ada starts the app with "--allow-ungated-display --trace /proc/refapp/trace"
      Then the app has ended with 2, and said this:
        """
        refapp: --trace /proc/refapp/trace: No such file or directory.
        """
      And the window that was begun is gone
      And Ada's tokens are kept
      And nothing else happened

  @ST-6
  Rule: How the window ended is how the app ends, and what it said last is said in the terminal

    @inproc
    Scenario Outline: Ada's is a window that <does>
      When Ada starts the app with a window that <does>
      Then the app has ended with <code>, and said this:
        """
        refapp: <said>
        """
      And the window that was begun is gone
      And no token is stored
      And nothing else happened

      Examples:
        | does                                  | code | said                                                                                                                    |
        | fails without a word                  | 1    | The window could not be started. It ended with code 3. Nothing that was stored is lost.                                 |
        | warns, and then says what it fails by | 1    | The window could not be started. The window said: No fonts. Nothing that was stored is lost.                            |
        | fails with words that clear a terminal | 1    | The window could not be started. The window said: [2JNo fonts. Nothing that was stored is lost.                         |
        | speaks nonsense                       | 1    | The window could not be started. The window broke the protocol: The line is not JSON. Nothing that was stored is lost.  |
        | the kernel stops at a forbidden call  | 71   | The window tried something that it must never do, and was ended. Nothing that was stored is lost.                       |

    @inproc
    Scenario: Ada's window finds no display, and she reads what the app says to that
      When Ada starts the app with a window that finds no display
      Then the app has ended with 69, and said this:
        """
        refapp: There is no display to open a window on.
        Start it in a desktop session; `refapp tour` needs no display.
        """
      And the window that was begun is gone
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Ada's window can't confine itself, and a script is told so by the app's code
      When Ada starts the app on the desktop with a window that can't confine itself
      Then the app has ended with 70, and said this:
        """
        refapp: The window said: Too old a kernel.
        Use a Linux kernel with seccomp and Landlock, or accept the risk with --allow-unsandboxed-ui.
        """
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: All that the app says of itself is asked for, and the libraries under it stay silent
      What those say at that level are headers, and a token can be in them.

      When Ada starts the app with "--log-level debug --allow-ungated-display --ui true"
      Then the app has ended with 0, and said nothing
      And the window that was begun is gone
      And no token is stored
      And nothing else happened

  @ST-7
  Rule: Of the environment the window gets what display, input method, language and time zone need, and no more

    @inproc
    Scenario: Ada has a token of another program in her environment
      Given API_TOKEN is "a token of Ada's" where the app is started
      And TZ is "Europe/London" where the app is started
      And LANG is "en_GB.UTF-8" where the app is started
      And LC_ALL is "C.UTF-8" where the app is started
      And LC_CTYPE is "C" where the app is started
      And XMODIFIERS is "@im=ibus" where the app is started
      When Ada starts the app with a window that says what it was given
      Then the app has ended with 1, and said this:
        """
        refapp: The window could not be started. The window said: TZ=Europe/London, LANG=en_GB.UTF-8, LC_ALL=C.UTF-8, LC_CTYPE=C, XMODIFIERS=@im=ibus, DISPLAY=:4711, API_TOKEN=. Nothing that was stored is lost.
        """
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: There is no display, and the window is not told of one
      Given there is no display
      And LANG is "en_GB.UTF-8" where the app is started
      And LC_ALL is "" where the app is started
      And LC_CTYPE is "" where the app is started
      And XMODIFIERS is "" where the app is started
      When Ada starts the app with a window that says what it was given
      Then the app has ended with 1, and said this:
        """
        refapp: The window could not be started. The window said: TZ=UTC, LANG=en_GB.UTF-8, LC_ALL=, LC_CTYPE=, XMODIFIERS=, DISPLAY=, API_TOKEN=. Nothing that was stored is lost.
        """
      And no token is stored
      And nothing else happened

    @inproc
    Scenario Outline: Where the folder of Ada's data is <is>, its fonts are there
      Given HOME is "/home/ada" where the app is started
      And XDG_DATA_HOME is "<said>" where the app is started
      And XDG_CACHE_HOME is "<said>" where the app is started
      And XDG_CONFIG_HOME is "<said>" where the app is started
      When Ada starts the app with a window that says where the fonts of its own are
      Then the app has ended with 1, and said this:
        """
        refapp: The window could not be started. The window said: <folders>. Nothing that was stored is lost.
        """
      And no token is stored
      And nothing else happened

      Examples:
        | is                  | said    | folders                                                  |
        | named               | /ada    | /ada, /ada, /ada                                         |
        | named by no letter  |         | /home/ada/.local/share, /home/ada/.cache, /home/ada/.config |

  @ST-8
  Rule: Whatever tells the app to end, it ends in order

    The process that a desktop starts is not the app: it closes itself to other programs, and the
    app goes on in a fork of it. So what is told to either has to reach the app.

    @inproc
    Scenario Outline: The app is <told>
      When Ada starts the app with a window that hears that the app is <told>
      Then the app has ended with 0, and said this:
        """
        refapp: WARNING Display isolation: none, as --allow-ungated-display asks. The window is an ordinary client of the display, and could see what other windows show, and type into them.
        """
      And the window that was begun is gone
      And no token is stored
      And nothing else happened

      Examples:
        | told                       |
        | to end with the computer   |
        | to end with its terminal   |
        | interrupted by Ctrl and C  |

    @inproc
    Scenario: It was started to outlive its terminal, and ends with its window alone
      Given the app is started with nohup
      When Ada starts the app with a window that hears that the terminal is gone, and fails
      Then the app has ended with 1, and said this:
        """
        refapp: The window could not be started. It ended with code 3. Nothing that was stored is lost.
        """
      And the window that was begun is gone
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: The window is told as well, with all that belongs to the desktop, and is there until the app ends it
      When Ada starts the app with a window that is told to end as all programs are, and goes on
      Then the app has ended with 1, and said this:
        """
        refapp: The window could not be started. The window said: It is still here. Nothing that was stored is lost.
        """
      And no token is stored
      And nothing else happened

    @inproc
    Scenario Outline: The process that was started is <told>
      When Ada starts the app on the desktop with a window that hears that what was started is <told>
      Then the app has ended with <code>, and said this:
        """
        refapp: WARNING Display isolation: none, as --allow-ungated-display asks. The window is an ordinary client of the display, and could see what other windows show, and type into them.
        """
      And no token is stored
      And nothing else happened

      Examples:
        | told        | code |
        | told to end | 0    |
        | killed      | -9   |

    @inproc
    Scenario Outline: The app itself is <ended>, and who started it is told so
      When Ada starts the app on the desktop with a window that hears that the app is <ended>
      Then the app has ended with <code>, and said this:
        """
        refapp: WARNING Display isolation: none, as --allow-ungated-display asks. The window is an ordinary client of the display, and could see what other windows show, and type into them.
        """
      And no token is stored
      And nothing else happened

      Examples:
        | ended                        | code |
        | killed                       | -9   |
        | ended by a limit on its time | -24  |

    @inproc
    Scenario: The process that was started is killed, and the app has ended in order all the same
      Given Ada has started the app on the desktop with a window that hears that what was started is killed
      When Ada opens the app
      Then the window shows the login form
      And nothing else happened

    @inproc
    Scenario: The app itself is killed, and Ada reads of it at the next start
      Given Ada has started the app on the desktop with a window that hears that the app is killed
      When Ada opens the app
      Then the window shows the login form
      And this happened, and nothing else:
        | notice | The app ended last time without being closed. Nothing that was stored is lost. |

  @ST-9
  Rule: A desktop without a session bus gets one from the app, or reads what to install

    Without a session bus no keychain can be reached, and so nobody can sign in.

    @inproc
    Scenario: The app has one of its own
      Given there is no session bus, and one can be had
      When Ada starts the app on the desktop
      Then the app has ended with 69, and said this:
        """
        refapp: This desktop has no session bus, and without one there is no keychain: the app has one of its own until it is closed.
        refapp: There is no display to open a window on. The X server does not answer.
        Start it in a desktop session; `refapp tour` needs no display.
        """
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: There is nothing to start one with
      Given there is no session bus, and nothing that starts one
      When Ada starts the app on the desktop
      Then the app has ended with 69, and said this:
        """
        refapp: This desktop has no session bus, and dbus-run-session is not installed: sudo apt-get install dbus-daemon gnome-keyring
        refapp: There is no display to open a window on. The X server does not answer.
        Start it in a desktop session; `refapp tour` needs no display.
        """
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: There is one, and nothing is said of it
      When Ada starts the app on the desktop
      Then the app has ended with 69, and said this:
        """
        refapp: There is no display to open a window on. The X server does not answer.
        Start it in a desktop session; `refapp tour` needs no display.
        """
      And no token is stored
      And nothing else happened

    @inproc
    Scenario: Without a display there is no window, and so no bus is begun either
      Given there is no display
      And there is no session bus, and one can be had
      When Ada starts the app on the desktop with a window that fails without a word
      Then the app has ended with 1, and said this:
        """
        refapp: The window could not be started. It ended with code 3. Nothing that was stored is lost.
        """
      And no token is stored
      And nothing else happened
