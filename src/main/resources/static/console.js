// Renews the regions of the page that are marked with data-live, from server-sent events.
(() => {
  const page = document.body.dataset.page;
  if (!page) {
    return;
  }
  let stream = null;

  const renew = html => {
    const template = document.createElement('template');
    template.innerHTML = html;
    for (const region of template.content.querySelectorAll('[data-live]')) {
      const shown = document.getElementById(region.id);
      // Whoever is in the region with the keyboard stays there.
      if (shown && shown.outerHTML !== region.outerHTML && !shown.contains(document.activeElement)) {
        shown.replaceWith(region);
      }
    }
  };

  const isSignedOut = async () => {
    try {
      const answer = await fetch(location.href, { method: 'HEAD', redirect: 'manual' });
      return answer.type === 'opaqueredirect';
    } catch {
      return false;
    }
  };

  const close = () => {
    if (stream) {
      stream.close();
      stream = null;
    }
  };

  const open = () => {
    close();
    const opened = new EventSource('/console/live?page=' + encodeURIComponent(page));
    stream = opened;
    opened.addEventListener('live', event => {
      document.body.classList.add('live');
      renew(event.data);
    });
    opened.onerror = async () => {
      document.body.classList.remove('live');
      // Otherwise the browser connects again by itself.
      if (stream === opened && opened.readyState === EventSource.CLOSED) {
        if (await isSignedOut()) {
          location.assign('/console/login');
        } else {
          setTimeout(() => stream === opened && open(), 5000);
        }
      }
    };
  };

  // A hidden page needs no stream. Browsers allow only a few connections to a host.
  document.addEventListener('visibilitychange', () => document.hidden ? close() : open());
  addEventListener('pagehide', close);
  if (!document.hidden) {
    open();
  }
})();
