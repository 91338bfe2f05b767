package fr.relais.web.console;

import fr.relais.web.Site;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.Principal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.ui.ExtendedModelMap;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;

/**
 * The open streams of server-sent events. Each gets the live regions of its page, as HTML, when they have changed:
 * every two seconds while a sweep runs, otherwise every ten seconds. A page is rendered once for all streams that show
 * it.
 */
@Component
@ConditionalOnWebApplication
class LiveStreams implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(LiveStreams.class);

    private static final int MAX_STREAMS = 50;
    private static final int SENDERS = 4;
    private static final Duration PERIOD = Duration.ofSeconds(2);

    /** How long a browser waits before it opens a stream again that has ended. */
    private static final Duration RECONNECT = Duration.ofSeconds(5);

    /** While no sweep runs, the pages are rendered once in this number of periods. */
    private static final int IDLE_PERIODS = 5;

    /** The regions of a template that a stream renews. */
    private static final Set<String> LIVE = Set.of("[data-live]");

    private final Site site;
    private final List<ConsolePage> pages;
    private final ITemplateEngine templates;
    private final Predicate<Principal> maySeeConsole;
    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
    private ScheduledExecutorService timer;
    private ExecutorService senders;
    private int periods;
    private volatile boolean isRunning;

    /** @param maySeeConsole whether a principal may still open the console */
    LiveStreams(Site site, List<ConsolePage> pages, ITemplateEngine templates, Predicate<Principal> maySeeConsole) {
        this.site = site;
        this.pages = pages;
        this.templates = templates;
        this.maySeeConsole = maySeeConsole;
    }

    /** A page in a language, which looks the same in all streams. */
    private record View(ConsolePage page, Locale locale) {}

    /** A stream of one browser. At most one thread sends at a time; what it misses is in the next event. */
    private final class Stream {

        private final SseEmitter emitter = new SseEmitter(0L);
        private final AtomicBoolean isSending = new AtomicBoolean();
        private final View view;
        private final HttpSession session;
        private final Principal operator;
        private volatile String sent = "";
        private volatile boolean isEnded;

        private Stream(View view, HttpServletRequest request) {
            this.view = view;
            this.session = request.getSession(false);
            this.operator = request.getUserPrincipal();
            emitter.onCompletion(() -> streams.remove(this));
            emitter.onError(failure -> streams.remove(this));
        }

        /** Sends the headers at once, and tells the browser when to connect again. */
        private void begin() {
            try {
                emitter.send(SseEmitter.event().reconnectTime(RECONNECT.toMillis()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private boolean isAllowed() {
            try {
                if (session != null) {
                    // Throws an exception after the session has ended.
                    session.getCreationTime();
                }
                return maySeeConsole.test(operator);
            } catch (IllegalStateException e) {
                return false;
            }
        }

        /** Ends the stream without waiting for a browser that does not read what is being sent. */
        private void end() {
            streams.remove(this);
            isEnded = true;
            completeUnlessSending();
        }

        private void completeUnlessSending() {
            if (isSending.compareAndSet(false, true)) {
                emitter.complete();
            }
        }

        /** Sends the regions if they have changed. Otherwise sends a comment, which fails if the browser has gone. */
        private void offer(String html) {
            if (isSending.compareAndSet(false, true)) {
                senders.execute(() -> send(html));
            }
        }

        private void send(String html) {
            try {
                if (!isEnded) {
                    emitter.send(
                            html.equals(sent)
                                    ? SseEmitter.event().comment("")
                                    : SseEmitter.event().name("live").data(html));
                    sent = html;
                }
            } catch (IOException | IllegalStateException e) {
                // The browser has closed the stream.
                streams.remove(this);
            } finally {
                isSending.set(false);
                if (isEnded) {
                    completeUnlessSending();
                }
            }
        }
    }

    /** Returns a new stream; empty when there are too many, when the page has none, or while the service stops. */
    Optional<SseEmitter> open(String name, Locale locale, HttpServletRequest request) {
        return pages.stream()
                .filter(page -> page.name().equals(name) && isRunning && streams.size() < MAX_STREAMS)
                .findFirst()
                .map(page -> {
                    Stream stream = new Stream(new View(page, locale), request);
                    stream.begin();
                    streams.add(stream);
                    return stream.emitter;
                });
    }

    @Override
    public void start() {
        timer = Executors.newSingleThreadScheduledExecutor(thread("relais-live"));
        senders = Executors.newFixedThreadPool(SENDERS, thread("relais-live-sender"));
        timer.scheduleWithFixedDelay(this::renew, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        isRunning = true;
    }

    private static ThreadFactory thread(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Ends the streams before the web server waits for open requests. */
    @Override
    public void stop() {
        isRunning = false;
        timer.shutdownNow();
        streams.forEach(Stream::end);
        // Those that have not begun only complete their stream.
        senders.shutdownNow().forEach(Runnable::run);
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    private void renew() {
        try {
            streams.stream().filter(stream -> !stream.isAllowed()).forEach(Stream::end);
            if (streams.isEmpty() || periods++ % IDLE_PERIODS != 0 && !isSweeping()) {
                return;
            }
            Map<View, Optional<String>> rendered = new HashMap<>();
            for (Stream stream : streams) {
                rendered.computeIfAbsent(stream.view, this::renderIfPossible)
                        .ifPresentOrElse(stream::offer, stream::end);
            }
        } catch (RuntimeException e) {
            warn(e);
            streams.forEach(Stream::end);
        }
    }

    /** Returns a view; empty after a failure, which ends only the streams of this view. The browsers try again. */
    private Optional<String> renderIfPossible(View view) {
        try {
            return Optional.of(render(view));
        } catch (RuntimeException e) {
            warn(e);
            return Optional.empty();
        }
    }

    private static void warn(RuntimeException failure) {
        if (!(failure instanceof DataAccessException)) {
            // Without the text of the failure, which may quote an offer.
            LOG.warn(
                    "A page of the console cannot be renewed: {}",
                    failure.getClass().getName());
        }
    }

    private boolean isSweeping() {
        return site.relais().progress().slicesKnown() > 0;
    }

    private String render(View view) {
        ExtendedModelMap model = new ExtendedModelMap();
        // The regions that are renewed have no actions, so it does not matter who sees them.
        model.put("frame", new Frame(pages, view.page.path(), view.locale, site.freshness(), false, true, true, false));
        model.put("format", new Format(view.locale));
        view.page.fill(model);
        Context context = new Context(view.locale, model);
        return templates.process("console/frame", LIVE, context)
                + templates.process(view.page.template(), LIVE, context);
    }
}
