package fr.relais;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;

/** A receiver of events on the loopback interface, which stores and deletes ids as a search index does. */
final class EventReceiver implements AutoCloseable {

    /** The JSON of an event. */
    record Event(String event, String id, Long sweep, String at) {

        /** Reads an event, which has exactly these four fields. */
        private static Event of(JsonNode json) {
            if (json.size() != 4) {
                throw new IllegalArgumentException(json.toString());
            }
            return new Event(
                    json.get("event").textValue(),
                    json.get("id").textValue(),
                    json.get("sweep").isNull() ? null : json.get("sweep").longValue(),
                    json.get("at").textValue());
        }

        @Override
        public String toString() {
            return id == null ? event : event + " " + id;
        }
    }

    /** A fault of a delivery. */
    enum Fault {
        NONE,
        /** The receiver answers 500. A 503 would be repeated by Camel's HTTP client itself. */
        REFUSED,
        /** The receiver takes the event, but the answer is lost. */
        ANSWER_LOST
    }

    /** The faults of successive deliveries. Called by one thread at a time. */
    @FunctionalInterface
    interface Faults {
        Fault next();
    }

    private final HttpServer server;
    private final List<Event> events = new ArrayList<>();
    private final Set<String> ids = new TreeSet<>();
    private Set<String> replayed;
    private volatile Faults faults = () -> Fault.NONE;

    private EventReceiver(HttpServer server) {
        this.server = server;
        server.createContext("/", this::receive);
        server.setExecutor(Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "event-receiver");
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
    }

    static EventReceiver start() throws IOException {
        return new EventReceiver(HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0));
    }

    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/events";
    }

    void faults(Faults next) {
        faults = next;
    }

    /** Returns the events that were received, in their order, and forgets them. The index of ids stays. */
    synchronized List<Event> take() {
        List<Event> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    /** Returns the number of events that were received since the last call of {@link #take}. */
    synchronized int received() {
        return events.size();
    }

    /** Returns the ids that are stored. */
    synchronized Set<String> ids() {
        return new TreeSet<>(ids);
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode json = new ObjectMapper().readTree(exchange.getRequestBody());
            Fault fault = faults.next();
            if (fault != Fault.REFUSED) {
                apply(Event.of(json));
            }
            if (fault != Fault.ANSWER_LOST) {
                exchange.sendResponseHeaders(fault == Fault.NONE ? 204 : 500, -1);
            }
        }
    }

    private synchronized void apply(Event event) {
        events.add(event);
        switch (event.event()) {
            case "offer.created", "offer.updated" -> {
                ids.add(event.id());
                if (replayed != null) {
                    replayed.add(event.id());
                }
            }
            case "offer.removed" -> ids.remove(event.id());
            case "replay-started" -> replayed = new HashSet<>();
            case "replay-ended" -> {
                if (replayed != null) {
                    ids.retainAll(replayed);
                    replayed = null;
                }
            }
            case "replay-needed" -> {}
            default -> throw new IllegalArgumentException(event.event());
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
