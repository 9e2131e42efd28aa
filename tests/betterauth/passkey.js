// The one script of the pages: passkeys need one. A button with data-passkey="sign-in" or "add" asks the authenticator.
const ask = async (path, body) => {
  const options = body ? { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {};
  const answer = await fetch(`/api/auth/passkey/${path}`, options);
  if (!answer.ok) throw new Error((await answer.json().catch(() => null))?.message ?? `the server answers ${answer.status}`);
  return answer.json();
};

const deeds = {
  "sign-in": async () => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await ask("generate-authenticate-options"));
    const credential = await navigator.credentials.get({ publicKey });
    await ask("verify-authentication", { response: credential.toJSON() });
    location.assign(`/sign-in/continue${location.search}`);
  },
  add: async () => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await ask("generate-register-options"));
    const credential = await navigator.credentials.create({ publicKey });
    await ask("verify-registration", { response: credential.toJSON() });
    document.querySelector("output").textContent = "This account has a passkey now.";
  },
};

for (const button of document.querySelectorAll("[data-passkey]"))
  button.addEventListener("click", () =>
    deeds[button.dataset.passkey]().catch((error) => (document.querySelector("output").textContent = `It did not work: ${error.message}`)),
  );
