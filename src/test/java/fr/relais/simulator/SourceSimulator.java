package fr.relais.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server on the loopback interface that behaves like the source's API, as far as that is known: tokens, searches,
 * requests for one offer, refusals and the rate limit. Its {@link #base()} contains no offers at first.
 */
public final class SourceSimulator implements AutoCloseable {

    private static final String TOKEN_PATH = "/connexion/oauth2/access_token";
    private static final String BASE_PATH = "/partenaire/offresdemploi";
    private static final String OFFERS_PATH = BASE_PATH + "/v2/offres/";
    private static final int THREADS = 16;

    static {
        // The JDK's server reads this once. Without it, the end of an answer can wait 40 ms for an acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final SimulatedBase base;
    private final TokenEndpoint tokens;
    private final OffersEndpoint offers;
    private final Optional<RateLimit> rateLimit;
    private final SimulatorOptions options;
    private final HttpServer server;
    private final ExecutorService threads;
    private final Map<Call.Kind, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final AtomicInteger refusedByRate = new AtomicInteger();
    private final Queue<Instant> callTimes = new ConcurrentLinkedQueue<>();
    private volatile Fault fault = Fault.NONE;

    private SourceSimulator(SimulatorOptions options) throws IOException {
        this.options = options;
        this.base = new SimulatedBase(options.clock(), options.dateShift());
        this.tokens = new TokenEndpoint(options);
        this.offers = new OffersEndpoint(options, base);
        this.rateLimit =
                Optional.ofNullable(options.callsPerSecond()).map(rate -> new RateLimit(rate, options.clock()));
        this.threads = Executors.newFixedThreadPool(THREADS, work -> {
            Thread thread = new Thread(work, "source-simulator");
            thread.setDaemon(true);
            return thread;
        });
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), options.port()), 0);
        server.setExecutor(withLatency(threads));
        server.createContext("/", this::serve);
    }

    /** Starts a server with an empty base. Throws an IOException when the port is in use. */
    public static SourceSimulator start(SimulatorOptions options) throws IOException {
        SourceSimulator simulator = new SourceSimulator(options);
        simulator.server.start();
        return simulator;
    }

    /** Returns the value of {@code relais.source.base-url} for this server. */
    public String baseUrl() {
        return root() + BASE_PATH;
    }

    /** Returns the value of {@code relais.source.token-url} for this server. The realm is not part of it. */
    public String tokenUrl() {
        return root() + TOKEN_PATH;
    }

    public SimulatedBase base() {
        return base;
    }

    /** Sets the fault for all calls from now on, in place of the previous one. */
    public void onCall(Fault fault) {
        this.fault = Objects.requireNonNull(fault);
    }

    /** Revokes all tokens that were issued so far. */
    public void revokeTokens() {
        tokens.revokeAll();
    }

    /** Returns the number of token requests since the counters were reset, including refused ones. */
    public int tokens() {
        return counter(Call.Kind.TOKEN).get();
    }

    /** Returns the number of searches since the counters were reset, including refused ones. */
    public int searches() {
        return counter(Call.Kind.SEARCH).get();
    }

    /** Returns the number of requests for one offer since the counters were reset, including refused ones. */
    public int details() {
        return counter(Call.Kind.DETAIL).get();
    }

    /**
     * Returns the number of calls since the counters were reset that got a 429 because of
     * {@link SimulatorOptions#callsPerSecond()}.
     */
    public int refusedByRate() {
        return refusedByRate.get();
    }

    /**
     * Returns the time at which each search and each request for one offer since the counters were reset arrived, after
     * the latency.
     */
    public List<Instant> callTimes() {
        return List.copyOf(callTimes);
    }

    public void resetCounters() {
        calls.clear();
        refusedByRate.set(0);
        callTimes.clear();
    }

    /** Stops at once. Unfinished calls lose their connection. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private String root() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Adds the latency, which occupies no thread, so that it does not limit the number of concurrent calls. */
    private Executor withLatency(Executor executor) {
        return options.latency().isZero()
                ? executor
                : CompletableFuture.delayedExecutor(options.latency().toNanos(), TimeUnit.NANOSECONDS, executor);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try {
            Optional<Call.Kind> kind = kind(exchange);
            if (kind.isEmpty()) {
                Answer.empty(404).sendTo(exchange);
                return;
            }
            Call call = readCall(kind.get(), exchange);
            Fault current = fault;
            if (current.answer(exchange, call)) {
                exchange.close();
            } else {
                String authorization = exchange.getRequestHeaders().getFirst("Authorization");
                current.reply(call, truth(authorization)).sendTo(exchange);
            }
        } catch (RuntimeException | Error e) {
            // The JDK's server drops the connection after an IOException, but not after these.
            exchange.close();
            throw e;
        }
    }

    private Truth truth(String authorization) {
        return new Truth() {
            @Override
            public Answer answer(Call call) {
                return SourceSimulator.this.answer(call, authorization);
            }

            @Override
            public void revokeTokens() {
                SourceSimulator.this.revokeTokens();
            }
        };
    }

    private Answer answer(Call call, String authorization) {
        if (call.kind() == Call.Kind.TOKEN) {
            return tokens.issue(call.parameters());
        }
        if (!tokens.accepts(authorization)) {
            return Answer.empty(401).with("WWW-Authenticate", "Bearer");
        }
        Answer answer =
                rateLimit.map(limit -> limit.admit(() -> offers.answer(call))).orElseGet(() -> offers.answer(call));
        if (answer.status() == 429) {
            refusedByRate.incrementAndGet();
        }
        return answer;
    }

    private Call readCall(Call.Kind kind, HttpExchange exchange) throws IOException {
        int number = counter(kind).incrementAndGet();
        Map<String, String> parameters =
                Call.parameters(exchange.getRequestURI().getRawQuery());
        if (kind == Call.Kind.TOKEN) {
            parameters.putAll(form(exchange));
        } else {
            callTimes.add(options.clock().instant());
        }
        String id =
                kind == Call.Kind.DETAIL ? exchange.getRequestURI().getPath().substring(OFFERS_PATH.length()) : "";
        return new Call(kind, number, id, parameters);
    }

    private static Map<String, String> form(HttpExchange exchange) throws IOException {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        return type != null && type.startsWith("application/x-www-form-urlencoded") ? Call.parameters(body) : Map.of();
    }

    private static Optional<Call.Kind> kind(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        if (method.equals("POST")) {
            return path.equals(TOKEN_PATH) ? Optional.of(Call.Kind.TOKEN) : Optional.empty();
        }
        if (!method.equals("GET") || !path.startsWith(OFFERS_PATH)) {
            return Optional.empty();
        }
        return Optional.of(path.equals(OFFERS_PATH + "search") ? Call.Kind.SEARCH : Call.Kind.DETAIL);
    }

    private AtomicInteger counter(Call.Kind kind) {
        return calls.computeIfAbsent(kind, any -> new AtomicInteger());
    }
}
