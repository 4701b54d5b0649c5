// One line of news for all tabs of a browser: browsers allow only six connections to one host, and agents have
// more tabs than that. Each tab hears everything and decides what concerns it.

const ports = new Set();
let source = null;
let state = "off";

function tell(message) {
  for (const port of ports) port.postMessage(message);
}

function open() {
  source?.close();
  source = new EventSource("/desk/stream");
  source.onopen = () => tell({ state: (state = "on") });
  source.onerror = () => {
    tell({ state: (state = "off") });
    if (source.readyState === EventSource.CLOSED) setTimeout(open, 3000);
  };
  source.addEventListener("news", (event) => tell({ news: JSON.parse(event.data) }));
  source.addEventListener("signed-out", () => {
    source.close();
    source = null;
    tell({ signedOut: true });
  });
}

self.onconnect = (event) => {
  const port = event.ports[0];
  ports.add(port);
  port.onmessage = ({ data }) => {
    if (data !== "bye") return;
    ports.delete(port);
    if (ports.size) return;
    source?.close();
    source = null;
  };
  port.postMessage({ state });
  if (source === null) open();
};
