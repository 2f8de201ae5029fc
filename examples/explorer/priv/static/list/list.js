// The list's JavaScript besides LiveView's own. It needs no build.
const token = document.querySelector("meta[name=csrf-token]").content;
const { LiveSocket } = window.LiveView;
new LiveSocket("/socket", window.Phoenix.Socket, { params: { _csrf_token: token } }).connect();
