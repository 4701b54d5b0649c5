/** The demo shop: its help section opens the chat, and choosing who to be reloads the page as that person. */

document.querySelector("[data-open-chat]").addEventListener("click", () => document.querySelector("redress-chat").show());
document.querySelector("#customer").addEventListener("change", (event) => event.target.form.requestSubmit());
