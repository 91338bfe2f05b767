package fr.relais.simulator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Watches a base that changes while it is read, and finds the offers that a reading in pages passes over: when an offer of a page
 * that was read already is removed, the rest of the list moves up, and no page shows the offer that stood first on the next one.
 */
public final class SkippedOffers implements Fault {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The pages of each search that were answered since its first page was, by their first position, and the ids on them. */
    private final Map<Map<String, String>, Map<Integer, Set<String>>> pages = new HashMap<>();

    private final Set<String> known;
    private final Set<String> ids = new TreeSet<>();

    /** @param known the only ids that count: offers that are there from the beginning move up by a removal only */
    public SkippedOffers(Set<String> known) {
        this.known = Set.copyOf(known);
    }

    @Override
    public boolean answer(HttpExchange exchange, Call call) {
        return false;
    }

    @Override
    public synchronized Reply reply(Call call, Truth truth) {
        Answer answer = truth.answer(call);
        if (call.kind() == Call.Kind.SEARCH && call.parameters().containsKey("range")) {
            Map<String, String> search = new HashMap<>(call.parameters());
            int first = Integer.parseInt(search.remove("range").split("-")[0]);
            Map<Integer, Set<String>> shown = pages.computeIfAbsent(search, any -> new HashMap<>());
            if (first == 0) {
                shown.clear();
            }
            shown.put(first, ids(answer));
            Set<String> previous = shown.get(first - Range.LARGEST);
            if (previous != null) {
                String range = (first - Range.LARGEST) + "-" + (first - 1);
                Set<String> skipped = ids(truth.answer(call.with("range", range)));
                skipped.removeAll(previous);
                skipped.removeAll(shown.get(first));
                skipped.retainAll(known);
                ids.addAll(skipped);
            }
        }
        return answer;
    }

    /** Skipped so far, by one reading or another. */
    public synchronized Set<String> ids() {
        return new TreeSet<>(ids);
    }

    private static Set<String> ids(Answer answer) {
        try {
            Set<String> ids = new TreeSet<>();
            JSON.readTree(answer.bytes())
                    .path("resultats")
                    .forEach(offer -> ids.add(offer.path("id").asText()));
            return ids;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
