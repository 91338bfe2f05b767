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
 * A fault that alters no answer, but finds the offers that a reading in pages misses. When an offer on a page that was
 * already read is removed, all later offers move up by one position, and no page shows the offer that was first on the
 * next page.
 */
public final class SkippedOffers implements Fault {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The ids on the pages of each search, by search and first position of the page. A new first page of a search
     * clears its other pages.
     */
    private final Map<Map<String, String>, Map<Integer, Set<String>>> pages = new HashMap<>();

    private final Set<String> known;
    private final Set<String> skippedIds = new TreeSet<>();

    /**
     * @param known the ids to watch. These offers must be in the base from the start, so that only a removal can move
     *     them up.
     */
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
            Set<String> previous = shown.get(first - Range.MAX_SIZE);
            if (previous != null) {
                String range = (first - Range.MAX_SIZE) + "-" + (first - 1);
                Set<String> skipped = ids(truth.answer(call.with("range", range)));
                skipped.removeAll(previous);
                skipped.removeAll(shown.get(first));
                skipped.retainAll(known);
                skippedIds.addAll(skipped);
            }
        }
        return answer;
    }

    /** Returns the ids of all offers that some reading has missed so far. */
    public synchronized Set<String> ids() {
        return new TreeSet<>(skippedIds);
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
