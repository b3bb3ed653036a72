"use strict";

// Fills the start page with what the server says about itself, and again every ten seconds.

const EVERY_MS = 10_000;

function show(id, text) {
  document.getElementById(id).textContent = text;
}

function state(text, kind) {
  const line = document.getElementById("state");
  line.textContent = text;
  line.className = "state " + kind;
}

function span(ms) {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) {
    return Math.floor(ms / 1_000) + " s";
  }
  const days = Math.floor(minutes / 1_440);
  const hours = Math.floor(minutes / 60) % 24;
  return (days ? days + " d " : "") + (hours ? hours + " h " : "") + (minutes % 60) + " min";
}

async function refresh() {
  try {
    const [info, health] = await Promise.all([
      fetch("api/v1/system/info").then((answer) => answer.json()),
      fetch("api/v1/history/health").then((answer) => answer.json()),
    ]);
    show("version", info.version);
    show("server", info.server);
    show("uptime", span(info.uptime_ms));
    show("database", info.database ? info.database.type + ", " + info.database.location : "none");
    const count = info.sessions;
    show("sessions", count === null ? "unknown" : count.toLocaleString("en") + (info.sessions_is_estimate ? " or more" : ""));
    if (health.status === "healthy") {
      state("The history is healthy.", "good");
    } else if (health.status === "disabled") {
      state("History is disabled by HISTORY_ENABLED.", "bad");
    } else {
      state("The database does not answer. The server tries on.", "bad");
    }
  } catch (failure) {
    state("The server does not answer: " + failure.message, "bad");
  }
}

document.getElementById("curl").textContent = document
  .getElementById("curl")
  .textContent.replace("http://127.0.0.1:8080/", new URL(".", location.href).href);
refresh();
setInterval(refresh, EVERY_MS);
