// All the JavaScript of the list that is not LiveView's own. Nothing builds it.
const token = document.querySelector("meta[name=csrf-token]").content;
const { LiveSocket } = window.LiveView;
new LiveSocket("/socket", window.Phoenix.Socket, { params: { _csrf_token: token } }).connect();
