// The e-mails that the server would send: kept in memory for the back door, and on standard error with --log.
export function mailbox({ log }) {
  const sent = [];
  return {
    /** `what` is the address or the code in it. */
    send: async (email, what) => {
      sent.push({ email: email.toLowerCase(), what });
      if (log) console.error(`mail to ${email}: ${what}`);
    },
    /** What was sent to `email` last. */
    lastTo: (email) => sent.findLast((one) => one.email === email)?.what ?? null,
  };
}
