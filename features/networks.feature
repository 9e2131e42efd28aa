Feature: What stands between the app and its server

  Between a desktop and its server stand a name service, a company's proxy, certificates that somebody
  has to renew, a hotel's network. Each of them fails in its own way, and each failure looks the same
  to an app that only asks whether there was an answer: "network error". Whoever reads that can't do
  anything about it. Here the app says what it met and what helps, and says no more than it knows.

  All of this is offline, and never expiry: nothing that stands in the way can say anything about a
  session, so she keeps it, whatever it is. What the app does say on the way (a password, a token, the
  name and password of a proxy) goes to whom it is meant for: to a server that has proved who it is,
  to the proxy that the environment names, and to nobody else.

  In these examples the app's sockets, certificates and proxies are real, and the names are made up:
  the server is at auth.example.com, the proxy at proxy.example.com, and both are on this computer.

  @NW-1
  Rule: What stands in the way is named, with what can be done about it, and the session is kept

    @inproc
    Scenario Outline: At a start, no connection: the server <trouble>
      Given a server at https://auth.example.com
      And Ada was signed in when the app was closed
      And the app is on a real network
      And the server <trouble>
      When Ada opens the app
      Then the window shows Ada offline
      And it says "<sentence>"
      And it says "<cure>"
      And it says "You stay signed in."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh                        |
        | keychain | read key                       |
        | disk     | write journal, delete journal  |

      Examples:
        | trouble               | sentence                                                                  | cure                                                                          |
        | can't be found        | The server can't be found: no computer has the name auth.example.com.     | Check the server's address; inside a company it may need the VPN.             |
        | can't be looked up    | The server can't be found: names can't be looked up now.                  | Check that this computer is online.                                           |
        | can't be reached      | The server can't be reached: nothing answers at auth.example.com:443.     | Check the server's address and its port, or wait until it runs again.         |
        | is where no way leads | The server can't be reached: there is no way to auth.example.com:443.     | Check that this computer is online; a VPN or a firewall may stand in between. |
        | has three addresses, and is at none  | The server can't be reached: nothing answers at auth.example.com:443. | Check the server's address and its port, or wait until it runs again. |

    @inproc
    Scenario Outline: At a start, no answer of the server's own: it <trouble>
      Given a server at https://auth.example.com
      And Ada was signed in when the app was closed
      And the app is on a real network
      And the server <trouble>
      When Ada opens the app
      Then the window shows Ada offline
      And it says "<sentence>"
      And it says "<cure>"
      And it says "You stay signed in."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh                        |
        | keychain | read key                       |
        | disk     | write journal, delete journal  |

      Examples: somebody else, who says so in his way
        | trouble                                                   | sentence                                                                                                 | cure                                                                                  |
        | redirects                                                 | Something else answered in the server's place: the answer leads to https://www.example.com/auth.         | If that is your server, give the app that address.                                    |
        | is a web page                                             | Something else answered in the server's place: a web page (status 404), not an auth server.              | Check the server's address; no auth server answers there.                             |
        | is the network's sign-in page                             | Something else answered in the server's place: the network wants you to sign in to it first.             | Open any page in your browser, sign in there, and try again.                          |
        | wants its own password                                    | Something else answered in the server's place: it asks for a name and a password of its own.             | Ask whoever runs the server for an address without that; the app has no answer to it. |
        | wants its own password, as Windows asks for one           | Something else answered in the server's place: it asks for a name and a password of its own.             | Ask whoever runs the server for an address without that; the app has no answer to it. |
        | is another API, which knows no such token                 | Something else answered in the server's place: the answer (status 401) is not of an auth server's shape. | Check the server's address; no auth server answers there.                             |
        | is another API                                            | Something else answered in the server's place: the answer (status 404) is not of an auth server's shape. | Check the server's address; no auth server answers there.                             |
        | says in a page that it wants a certificate                | The server can't be talked to safely: it wants a certificate of this computer, and the app has none.     | Ask whoever runs the server for an address that needs none.                           |
        | says with a status of its own that it wants a certificate | The server can't be talked to safely: it wants a certificate of this computer, and the app has none.     | Ask whoever runs the server for an address that needs none.                           |
        | wants a certificate of the client, TLS 1.3                | The server can't be talked to safely: it wants a certificate of this computer, and the app has none.     | Ask whoever runs the server for an address that needs none.                           |

    @inproc
    Scenario Outline: At a start, no whole answer: the server <trouble>
      The server may have done what it was asked. So it is asked once more, at once; and the journal,
      which says that a refresh token was sent, stays until an answer has come whole.

      Given a server at https://auth.example.com
      And Ada was signed in when the app was closed
      And the app is on a real network
      And the server <trouble>
      When Ada opens the app
      Then the window shows Ada offline
      And it says "<sentence>"
      And it says "<cure>"
      And it says "You stay signed in."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | refresh, refresh             |
        | keychain | read key                     |
        | disk     | write journal, write journal |

      Examples:
        | trouble                     | sentence                                                                                | cure                                                                                      |
        | breaks off its answer       | The server broke off its answer.                                                        | Try again; an unsteady network or a proxy may do this, too.                               |
        | damages its answer          | The server's answer can't be read: it is damaged, or not HTTP that the app understands. | Check the server's address and its port; if they are right, tell whoever runs the server. |
        | speaks no HTTP, in one line | The server's answer can't be read: it is damaged, or not HTTP that the app understands. | Check the server's address and its port; if they are right, tell whoever runs the server. |
        | is too large                | The server's answer is too large: more than 8 MiB.                                      | Try again later; if it stays so, tell whoever runs the server.                            |

    @inproc
    Scenario: At a start, no whole answer to a question that sends no one-time token, which is asked once
      A question that was cut off is asked once more where its connection is one from before, which
      the server may have closed just then. This one's is new.

      Given a server at https://auth.example.com, with sliding sessions
      And Ada was signed in when the app was closed
      And the app was opened and closed again
      And the app is on a real network
      And the server breaks off its answer
      When Ada opens the app
      Then the window shows Ada offline
      And it says "The server broke off its answer."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | server   | session check |
        | keychain | read key      |

    @inproc
    Scenario: At a start, a whole answer, of which two letters come before the rest
      Given a server at https://auth.example.com
      And Ada was signed in when the app was closed
      And the app is on a real network
      And the server begins its answers with two letters by themselves
      When Ada opens the app
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                 |
        | keychain | read key                                                      |
        | disk     | write journal, write tokens, delete journal, write sync state |

    @inproc
    Scenario: At a start, no secure connection within five seconds
      Given a server at https://auth.example.com
      And Ada was signed in when the app was closed
      And the app is on a real network
      And the server does not answer to TLS
      And the app is open
      When 5 seconds pass
      Then the window shows Ada offline
      And it says "The server took too long: it did not take the connection to auth.example.com:443."
      And it says "Check that this computer is online; a VPN or a firewall may stand in between."
      And it says "You stay signed in."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | disk | delete journal |

    @inproc
    Scenario: Ada wants a code, no secure connection comes, and she waits for it no more
      Given a server at https://auth.example.com
      And the app is on a real network
      And the app is open
      And the server does not answer to TLS
      And Ada has pressed "sign in with a code"
      When Ada presses "cancel"
      Then the window shows the login form
      And no token is stored
      And nothing else happened

    @inproc
    Scenario Outline: At a start, no answer in fifteen seconds: the server <trouble>
      Given a server at https://auth.example.com
      And Ada was signed in when the app was closed
      And the app is on a real network
      And the server <trouble>
      And the app is open
      When 15 seconds pass
      Then the window shows Ada offline
      And it says "<sentence>"
      And it says "<cure>"
      And it says "You stay signed in."
      And Ada's tokens are kept
      And nothing else happened

      Examples:
        | trouble                 | sentence                                                             | cure                                                           |
        | does not answer         | The server took too long to answer.                                  | Try again later; if it stays so, tell whoever runs the server. |
        | does not end its answer | The server took too long: its answer began, and did not end in time. | Try again later; if it stays so, tell whoever runs the server. |

    @inproc
    Scenario Outline: At a sign-in the server <trouble>
      Given a server at https://auth.example.com
      And the app is on a real network
      And the app is open
      And the server <trouble>
      When Ada signs in
      Then the window shows the login form
      And it says "<sentence>"
      And it says "<cure>"
      And it says "Your password was not <fate>"
      And the form still holds Ada's e-mail and no password
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

      Examples: one of each kind
        | trouble               | sentence                                                                         | cure                                                        | fate    |
        | speaks no TLS         | The server can't be talked to safely: auth.example.com:443 does not speak https. | Check the server's address and its port.                    | sent    |
        | breaks off its answer | The server broke off its answer.                                                 | Try again; an unsteady network or a proxy may do this, too. | refused |

    @inproc
    Scenario: At a sign-in the hotel's page answers in the server's place
      Given a server at https://auth.example.com
      And the app is on a real network
      And the app is open
      And the server is the network's sign-in page
      When Ada signs in
      Then the window shows the login form
      And it says "Something else answered in the server's place: the network wants you to sign in to it first."
      And it says "Open any page in your browser, sign in there, and try again."
      And the form still holds Ada's e-mail and no password
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

    @inproc
    Scenario Outline: At a sign-out the server <trouble>
      What this means for her session on the server is said there; why it was so is in the log.

      Given a server at https://auth.example.com
      And the app is on a real network
      And Ada is signed in
      And the server <trouble>
      When Ada presses "sign out"
      Then the window shows that a restart is needed
      And Ada's tokens are gone
      And it says "You are signed out on this computer. The server could not be told, so it may list the session until it expires."
      And this happened, and nothing else:
        | server   | sign-out                                             |
        | keychain | delete key                                           |
        | disk     | delete tokens, delete profile, delete sync state     |
        | notice   | You are signed out on this computer. The server could not be told, so it may list the session until it expires. |

      Examples:
        | trouble                            |
        | can't be found                     |
        | has a certificate that has expired |

  @NW-2
  Rule: Who can't prove to be the server is told nothing: no password leaves, and no token

    The proof is the certificate, and it comes before the first byte of a request. There is no way to
    go on without it, neither a button nor a setting.

    @inproc
    Scenario Outline: At a start, with a token to send, the server <trouble>
      Given a server at https://auth.example.com
      And Ada was signed in when the app was closed
      And the app is on a real network
      And the server <trouble>
      When Ada opens the app
      Then the window shows Ada offline
      And it says "<sentence>"
      And it says "<cure>"
      And it says "You stay signed in."
      And Ada's tokens are kept
      And nothing was said to what answered there
      And this happened, and nothing else:
        | server   | refresh                        |
        | keychain | read key                       |
        | disk     | write journal, delete journal  |

      Examples: its certificate
        | trouble                                              | sentence                                                                                                                                              | cure                                                                                                                                                                                             |
        | has a certificate that has expired                   | The server can't prove who it is: the certificate of auth.example.com:443 has expired (on 2020-01-01 00:00 UTC).                                      | Check this computer's clock; if it is right, whoever runs the server has to renew the certificate.                                                                                               |
        | has a certificate that an expired one vouches for    | The server can't prove who it is: the certificate of auth.example.com:443 has expired (not its own dates, but those of one that vouches for it).      | Check this computer's clock; if it is right, whoever runs the server has to renew the certificate.                                                                                               |
        | has a certificate that is not valid yet              | The server can't prove who it is: the certificate of auth.example.com:443 is not valid yet (before 2090-01-01 00:00 UTC).                             | Check this computer's clock; if it is right, whoever runs the server has to renew the certificate.                                                                                               |
        | has a certificate that one not valid yet vouches for | The server can't prove who it is: the certificate of auth.example.com:443 is not valid yet (not its own dates, but those of one that vouches for it). | Check this computer's clock; if it is right, whoever runs the server has to renew the certificate.                                                                                               |
        | has a certificate for another name                   | The server can't prove who it is: its certificate is not for auth.example.com (but for other.test, 192.0.2.7).                                        | Check the server's address; a network that wants you to sign in first does this, too.                                                                                                            |
        | has a certificate that nobody here knows             | The server can't prove who it is: this computer does not know who issued the certificate of auth.example.com:443 (it says Nobody's Authority).        | If that is your company's or your own, add it to the system's certificates, or name its file in SSL_CERT_FILE and start the app again; a network that wants you to sign in first does this, too. |
        | has a certificate of its own making                  | The server can't prove who it is: this computer does not know who issued the certificate of auth.example.com:443 (it says Nobody's Authority).        | If that is your company's or your own, add it to the system's certificates, or name its file in SSL_CERT_FILE and start the app again; a network that wants you to sign in first does this, too. |
        | has a certificate that it vouches for itself         | The server can't prove who it is: this computer does not know who issued the certificate of auth.example.com:443 (it says Nobody's Authority).        | If that is your company's or your own, add it to the system's certificates, or name its file in SSL_CERT_FILE and start the app again; a network that wants you to sign in first does this, too. |
        | has a certificate for clients alone                  | The server can't prove who it is: the certificate of auth.example.com:443 is not acceptable (unsuitable certificate purpose). | Whoever runs the server has to replace it. |

      Examples: its encryption
        | trouble                                    | sentence                                                                                                     | cure                                                                  |
        | speaks an old TLS                          | The server can't be talked to safely: auth.example.com:443 offers only encryption that is out of date.       | Whoever runs the server has to turn on TLS 1.2 or 1.3.                |
        | has no cipher in common                    | The server can't be talked to safely: auth.example.com:443 offers only encryption that is out of date.       | Whoever runs the server has to turn on TLS 1.2 or 1.3.                |
        | speaks no TLS                              | The server can't be talked to safely: auth.example.com:443 does not speak https.                             | Check the server's address and its port.                              |
        | closes before TLS                          | The server can't be talked to safely: auth.example.com:443 broke off the connection before it was encrypted. | Check the server's address and its port; a firewall may do this, too. |
        | wants a certificate of the client, TLS 1.2 | The server can't be talked to safely: it wants a certificate of this computer, and the app has none.         | Ask whoever runs the server for an address that needs none.           |

    @inproc
    Scenario: At a start, the server is at an address of numbers, and has a certificate for another one
      Given a server at https://10.1.2.3
      And Ada was signed in when the app was closed
      And the app is on a real network
      And the server has a certificate for another name
      When Ada opens the app
      Then the window shows Ada offline
      And it says "The server can't prove who it is: its certificate is not for 10.1.2.3 (but for other.test, 192.0.2.7)."
      And it says "Check the server's address; a network that wants you to sign in first does this, too."
      And it says "You stay signed in."
      And Ada's tokens are kept
      And nothing was said to what answered there
      And this happened, and nothing else:
        | server   | refresh                        |
        | keychain | read key                       |
        | disk     | write journal, delete journal  |

    @inproc
    Scenario Outline: At a sign-in, with a password to send, the server <trouble>
      Given a server at https://auth.example.com
      And the app is on a real network
      And the app is open
      And the server <trouble>
      When Ada signs in
      Then the window shows the login form
      And it says "<sentence>"
      And it says "<cure>"
      And it says "Your password was not sent"
      And nothing was said to what answered there
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

      Examples:
        | trouble                                  | sentence                                                                                                                                       | cure                                                                                                                                                                                             |
        | has a certificate that has expired       | The server can't prove who it is: the certificate of auth.example.com:443 has expired (on 2020-01-01 00:00 UTC).                               | Check this computer's clock; if it is right, whoever runs the server has to renew the certificate.                                                                                               |
        | has a certificate that nobody here knows | The server can't prove who it is: this computer does not know who issued the certificate of auth.example.com:443 (it says Nobody's Authority). | If that is your company's or your own, add it to the system's certificates, or name its file in SSL_CERT_FILE and start the app again; a network that wants you to sign in first does this, too. |

  @NW-3
  Rule: The certificates that the environment names are trusted, and read again once they were lacking

    A company that looks into its people's connections has a certificate of its own for that, and names
    its file in one of four variables. A variable that names nothing readable is the commonest reason
    that nothing is trusted, and OpenSSL does not say so.

    @inproc
    Scenario Outline: <variable> names the company's certificates, and <other> <what>
      Given a server at https://auth.example.com
      And the app is on a real network
      And the variable <other> names <what>
      And the variable <variable> names a file with the server's certificates
      And the app is open
      When Ada signs in
      Then the window shows Ada signed in
      And what is usual at a sign-in happened, and nothing else

      Examples:
        | variable           | other              | what                                     |
        | SSL_CERT_FILE      | CURL_CA_BUNDLE     | a file with no certificate in it         |
        | CURL_CA_BUNDLE     | REQUESTS_CA_BUNDLE | a file that is missing                   |
        | CURL_CA_BUNDLE     | REQUESTS_CA_BUNDLE | a file with somebody else's certificates |
        | REQUESTS_CA_BUNDLE | CURL_CA_BUNDLE     | a file with somebody else's certificates |

    @inproc
    Scenario Outline: <variable> names <what>
      Given a server at https://auth.example.com
      And Ada was signed in when the app was closed
      And the app is on a real network
      And the variable <variable> names <what>
      When Ada opens the app
      Then the window shows Ada offline
      And it says "The server can't prove who it is: the certificates that <variable> names can't be read"
      And it says "<why>"
      And it says "Mend what is there, which is read again at the next try, or the variable, and start the app again."
      And Ada's tokens are kept
      And nothing was said to what answered there
      And this happened, and nothing else:
        | server   | refresh                        |
        | keychain | read key                       |
        | disk     | write journal, delete journal  |

      Examples:
        | variable           | what                                    | why                                    |
        | SSL_CERT_FILE      | a file that is missing                  | company.pem: no such file or directory |
        | SSL_CERT_FILE      | a file with no certificate in it        | company.pem: it holds no certificate   |
        | SSL_CERT_FILE      | nothing                                 | (it is empty)                          |
        | SSL_CERT_DIR       | a folder in which OpenSSL finds nothing | no file in it has the name that        |
        | REQUESTS_CA_BUNDLE | a file that is missing                  | company.pem: no such file or directory |
        | CURL_CA_BUNDLE     | a file with no certificate in it        | company.pem: it holds no certificate   |

    @inproc
    Scenario: The file that a variable names is put there while the app runs
      Given a server at https://auth.example.com
      And Ada was signed in when the app was closed
      And the app is on a real network
      And the variable REQUESTS_CA_BUNDLE names a file that is missing
      And the app is open
      And the variable REQUESTS_CA_BUNDLE names a file with the server's certificates
      When Ada presses "try again"
      Then the window shows Ada signed in
      And Ada's tokens are renewed
      And this happened, and nothing else:
        | server   | refresh, session check, notes                                 |
        | disk     | write journal, write tokens, delete journal, write sync state |

  @NW-4
  Rule: A proxy that the environment names is used and never passed by, and what it wants goes to it alone

    The variables are those that curl reads. An app that goes its own way where the proxy fails goes
    past whatever the proxy is there for; one that sends the proxy's password on gives it to a server.

    @inproc
    Scenario Outline: <variables>
      Given a server at https://auth.example.com
      And the app is on a real network
      And the variable <first> is "<its>"
      And the variable <second> is "<other>"
      And the app is open
      When Ada signs in
      Then the window shows Ada signed in
      And the app went <where>
      And what is usual at a sign-in happened, and nothing else

      Examples:
        | variables                                      | first       | its                           | second      | other                         | where                   |
        | The proxy of HTTPS_PROXY                       | HTTPS_PROXY | http://proxy.example.com:3128 | NO_PROXY    |                               | through the proxy alone |
        | An address without a scheme                    | HTTPS_PROXY | proxy.example.com:3128        | NO_PROXY    |                               | through the proxy alone |
        | Lower case comes before upper case             | https_proxy | http://proxy.example.com:3128 | HTTPS_PROXY | http://gone.example.com:3128  | through the proxy alone |
        | The one for https comes before the one for all | HTTPS_PROXY | http://proxy.example.com:3128 | all_proxy   | http://gone.example.com:3128  | through the proxy alone |
        | An empty one counts as none                    | https_proxy |                               | ALL_PROXY   | http://proxy.example.com:3128 | through the proxy alone |
        | The one for http is not for https              | http_proxy  | http://gone.example.com:3128  | HTTPS_PROXY |                               | to the server itself    |

    @inproc
    Scenario: The proxy has a certificate of its own
      Given a server at https://auth.example.com
      And the app is on a real network
      And the variable HTTPS_PROXY is "https://proxy.example.com:3128"
      And the proxy has a certificate of its own
      And the app is open
      When Ada signs in
      Then the window shows Ada signed in
      And the app went through the proxy alone
      And what is usual at a sign-in happened, and nothing else

    @inproc
    Scenario: The proxy wants a name and a password, and the server hears nothing of them
      Given a server at https://auth.example.com
      And the app is on a real network
      And the variable HTTPS_PROXY is "http://ada:lovelace-1815@proxy.example.com:3128"
      And the proxy lets in "ada" with the password "lovelace-1815" alone
      And the app is open
      When Ada signs in
      Then the window shows Ada signed in
      And the app went through the proxy alone
      And "ada" and "lovelace-1815" were said to the proxy, and to nobody else
      And what is usual at a sign-in happened, and nothing else

    @inproc
    Scenario: The proxy is given another password than it wants
      Given a server at https://auth.example.com
      And Ada was signed in when the app was closed
      And the app is on a real network
      And the variable HTTPS_PROXY is "http://ada:byron-1788@proxy.example.com:3128"
      And the proxy lets in "ada" with the password "lovelace-1815" alone
      When Ada opens the app
      Then the window shows Ada offline
      And it says "The server can't be asked: the proxy proxy.example.com:3128 (HTTPS_PROXY) wants a name and a password, or others than it was given."
      And it says "Write them into HTTPS_PROXY before the address, as in name:password@proxy.example.com:3128, and start the app again."
      And it does not say "byron-1788"
      And Ada's tokens are kept
      And the app went through the proxy alone
      And this happened, and nothing else:
        | server   | refresh                        |
        | keychain | read key                       |
        | disk     | write journal, delete journal  |

    @inproc
    Scenario Outline: At a start the proxy <trouble>
      Given a server at https://auth.example.com
      And Ada was signed in when the app was closed
      And the app is on a real network
      And the variable HTTPS_PROXY is "http://proxy.example.com:3128"
      And the proxy <trouble>
      When Ada opens the app
      Then the window shows Ada offline
      And it says "<sentence>"
      And it says "<cure>"
      And it says "You stay signed in."
      And Ada's tokens are kept
      And the app went through the proxy alone
      And this happened, and nothing else:
        | server   | refresh                        |
        | keychain | read key                       |
        | disk     | write journal, delete journal  |

      Examples:
        | trouble                | sentence                                                                                                                | cure                                                                                      |
        | is not there           | The server can't be asked: the proxy proxy.example.com:3128 (HTTPS_PROXY) can't be reached.                             | Check the proxy's address in HTTPS_PROXY, and start the app again if you change it.       |
        | forbids it             | The server can't be asked: the proxy proxy.example.com:3128 (HTTPS_PROXY) does not allow it (403 Forbidden).            | Ask whoever runs the proxy to let the server through, or except the server with NO_PROXY. |
        | can't reach the server | The server can't be asked: the proxy proxy.example.com:3128 (HTTPS_PROXY) could not reach the server (502 Bad Gateway). | Check the server's address, or except the server with NO_PROXY.                           |
        | speaks no HTTP         | The server can't be asked: the proxy proxy.example.com:3128 (HTTPS_PROXY) does not answer as a proxy does.              | Check the proxy's address in HTTPS_PROXY, and start the app again if you change it.       |

    @inproc
    Scenario: At a start the proxy does not answer
      Given a server at https://auth.example.com
      And Ada was signed in when the app was closed
      And the app is on a real network
      And the variable HTTPS_PROXY is "http://proxy.example.com:3128"
      And the proxy does not answer
      And the app is open
      When 15 seconds pass
      Then the window shows Ada offline
      And it says "The server can't be asked: the proxy proxy.example.com:3128 (HTTPS_PROXY) took too long."
      And it says "Check the proxy's address in HTTPS_PROXY, and start the app again if you change it."
      And Ada's tokens are kept
      And this happened, and nothing else:
        | disk | delete journal |

    @inproc
    Scenario: The proxy can't prove who it is, and is not told its password
      Given a server at https://auth.example.com
      And Ada was signed in when the app was closed
      And the app is on a real network
      And the variable HTTPS_PROXY is "https://ada:lovelace-1815@proxy.example.com:3128"
      And the proxy has a certificate that nobody here knows
      When Ada opens the app
      Then the window shows Ada offline
      And it says "The server can't be asked: the proxy proxy.example.com:3128 (HTTPS_PROXY) can't be talked to safely (it says Nobody's Authority)."
      And it says "Check the proxy's address in HTTPS_PROXY, and start the app again if you change it."
      And Ada's tokens are kept
      And the app went through the proxy alone
      And nothing was said to what answered there
      And this happened, and nothing else:
        | server   | refresh                        |
        | keychain | read key                       |
        | disk     | write journal, delete journal  |

    @inproc
    Scenario Outline: <variable> names no proxy: <address>
      Given a server at https://auth.example.com
      And Ada was signed in when the app was closed
      And the app is on a real network
      And the variable <variable> is "<address>"
      When Ada opens the app
      Then the window shows Ada offline
      And it says "<sentence>"
      And it says "<cure>"
      And it says "You stay signed in."
      And Ada's tokens are kept
      And the app went nowhere
      And this happened, and nothing else:
        | server   | refresh                        |
        | keychain | read key                       |
        | disk     | write journal, delete journal  |

      Examples:
        | variable    | address                         | sentence                                                                               | cure                                                                                                            |
        | HTTPS_PROXY | gopher://proxy.example.com:3128 | The server can't be asked: the proxy that HTTPS_PROXY names can't be used.             | Name an http, https or socks5 proxy there, such as http://proxy.example:3128, or none, and start the app again. |
        | HTTPS_PROXY | http://ada:18/15@proxy.example.com:3128 | The server can't be asked: the proxy that HTTPS_PROXY names can't be used. | Name an http, https or socks5 proxy there, such as http://proxy.example:3128, or none, and start the app again. |
        | HTTPS_PROXY | http://ada:18?15@proxy.example.com:3128 | The server can't be asked: the proxy that HTTPS_PROXY names can't be used. | Name an http, https or socks5 proxy there, such as http://proxy.example:3128, or none, and start the app again. |
        | HTTPS_PROXY | http://ada:18#15@proxy.example.com:3128 | The server can't be asked: the proxy that HTTPS_PROXY names can't be used. | Name an http, https or socks5 proxy there, such as http://proxy.example:3128, or none, and start the app again. |
        | HTTPS_PROXY | http://*.example.com:3128       | The server can't be asked: the proxy that HTTPS_PROXY names can't be used.             | Name an http, https or socks5 proxy there, such as http://proxy.example:3128, or none, and start the app again. |
        | https_proxy | http://proxy.example.com:99999  | The server can't be asked: the proxy that https_proxy names can't be used.             | Name an http, https or socks5 proxy there, such as http://proxy.example:3128, or none, and start the app again. |
        | ALL_PROXY   | http://gone.example.com:3128    | The server can't be asked: the proxy gone.example.com:3128 (ALL_PROXY) can't be found. | Check the proxy's address in ALL_PROXY, and start the app again if you change it.                               |

    @inproc
    Scenario: At a sign-in the proxy does not allow it
      Given a server at https://auth.example.com
      And the app is on a real network
      And the variable HTTPS_PROXY is "http://proxy.example.com:3128"
      And the app is open
      And the proxy forbids it
      When Ada signs in
      Then the window shows the login form
      And it says "The server can't be asked: the proxy proxy.example.com:3128 (HTTPS_PROXY) does not allow it (403 Forbidden)."
      And it says "Ask whoever runs the proxy to let the server through, or except the server with NO_PROXY."
      And it says "Your password was not sent"
      And the app went through the proxy alone
      And no token is stored
      And this happened, and nothing else:
        | server | sign-in |

  @NW-5
  Rule: What no_proxy names is asked without the proxy, and nothing else is

    A name stands for itself and for all below it, an address for itself, a network for all in it, a
    port narrows each of them, and a star is everything. A name that only ends the same is another's.

    @inproc
    Scenario Outline: <server>, where NO_PROXY is "<excepted>"
      Given a server at <server>
      And the app is on a real network
      And the variable HTTPS_PROXY is "http://proxy.example.com:3128"
      And the variable NO_PROXY is "<excepted>"
      And the app is open
      When Ada signs in
      Then the window shows Ada signed in
      And the app went <where>
      And what is usual at a sign-in happened, and nothing else

      Examples: it is excepted
        | server                   | excepted                   | where                |
        | https://auth.example.com | example.com                | to the server itself |
        | https://auth.example.com | other.example, EXAMPLE.COM | to the server itself |
        | https://auth.example.com | *.example.com              | to the server itself |
        | https://auth.example.com | .example.com:443           | to the server itself |
        | https://auth.example.com | *                          | to the server itself |
        | https://10.1.2.3         | 10.0.0.0/8                 | to the server itself |
        | https://auth.example.com:80 | auth.example.com:80     | to the server itself |

      Examples: it is not
        | server                      | excepted             | where                   |
        | https://auth.notexample.com | example.com          | through the proxy alone |
        | https://auth.example.com    | www.auth.example.com | through the proxy alone |
        | https://auth.example.com    | example.com:8443     | through the proxy alone |
        | https://10.1.2.3            | 10.2.0.0/16          | through the proxy alone |

    @inproc
    Scenario Outline: no_proxy in lower case comes before NO_PROXY, where it is "<lower>"
      Given a server at https://auth.example.com
      And the app is on a real network
      And the variable HTTPS_PROXY is "http://proxy.example.com:3128"
      And the variable NO_PROXY is "example.com"
      And the variable no_proxy is "<lower>"
      And the app is open
      When Ada signs in
      Then the window shows Ada signed in
      And the app went <where>
      And what is usual at a sign-in happened, and nothing else

      Examples: an empty one counts as none
        | lower         | where                   |
        | other.example | through the proxy alone |
        |               | to the server itself    |
