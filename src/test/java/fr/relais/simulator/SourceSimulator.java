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
 * A server on the loopback interface that behaves as the source API is known to: tokens, search, single reads, their
 * refusals, the rate limit. It holds no offer until its {@link #base()} is filled.
 */
public final class SourceSimulator implements AutoCloseable {

    private static final String TOKEN_PATH = "/connexion/oauth2/access_token";
    private static final String BASE_PATH = "/partenaire/offresdemploi";
    private static final String OFFERS_PATH = BASE_PATH + "/v2/offres/";
    private static final int THREADS = 16;

    static {
        // Read once by the JDK's server. Without it, the end of an answer can wait 40 ms for an acknowledgement.
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
        server.setExecutor(delayed(threads));
        server.createContext("/", this::serve);
    }

    /** Starts a server with an empty base; throws IOException if the port is taken. */
    public static SourceSimulator start(SimulatorOptions options) throws IOException {
        SourceSimulator simulator = new SourceSimulator(options);
        simulator.server.start();
        return simulator;
    }

    /** What {@code relais.source.base-url} must be to read from here. */
    public String baseUrl() {
        return root() + BASE_PATH;
    }

    /** What {@code relais.source.token-url} must be to read from here; the realm is not part of it. */
    public String tokenUrl() {
        return root() + TOKEN_PATH;
    }

    public SimulatedBase base() {
        return base;
    }

    /** Sets what happens on every call from now on, in place of what was set before. */
    public void onCall(Fault fault) {
        this.fault = Objects.requireNonNull(fault);
    }

    /** Has all tokens issued so far refused from now on. */
    public void revokeTokens() {
        tokens.revokeAll();
    }

    /** Calls for a token since the counters were reset, whatever the answer. */
    public int tokens() {
        return counter(Call.Kind.TOKEN).get();
    }

    /** Searches since the counters were reset, whatever the answer. */
    public int searches() {
        return counter(Call.Kind.SEARCH).get();
    }

    /** Reads of one offer since the counters were reset, whatever the answer. */
    public int details() {
        return counter(Call.Kind.DETAIL).get();
    }

    /** Calls answered by 429 because of {@link SimulatorOptions#callsPerSecond()} since the counters were reset. */
    public int refusedByRate() {
        return refusedByRate.get();
    }

    /** When each search and read of one offer since the counters were reset arrived, after the latency. */
    public List<Instant> callTimes() {
        return List.copyOf(callTimes);
    }

    public void resetCounters() {
        calls.clear();
        refusedByRate.set(0);
        callTimes.clear();
    }

    /** Stops at once; calls under way lose their connection. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private String root() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Latency keeps no thread busy, so that it does not limit how many calls can be under way. */
    private Executor delayed(Executor executor) {
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
            Call call = received(kind.get(), exchange);
            Fault present = fault;
            if (present.answer(exchange, call)) {
                exchange.close();
            } else {
                String authorization = exchange.getRequestHeaders().getFirst("Authorization");
                present.reply(call, truth(authorization)).sendTo(exchange);
            }
        } catch (RuntimeException | Error e) {
            // The JDK's server itself drops the connection on an IOException, but not on these.
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

    private Call received(Call.Kind kind, HttpExchange exchange) throws IOException {
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
