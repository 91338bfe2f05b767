package fr.relais.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** The endpoints for searches and for single offers. Token and rate limit have been checked before. */
final class OffersEndpoint {

    private static final Pattern ID = Pattern.compile("[0-9A-Z]{7}");

    private final SimulatorOptions options;
    private final SimulatedBase base;
    private final AtomicInteger searches = new AtomicInteger();

    OffersEndpoint(SimulatorOptions options, SimulatedBase base) {
        this.options = options;
        this.base = base;
    }

    Answer answer(Call call) {
        try {
            return call.kind() == Call.Kind.SEARCH ? search(call.parameters()) : detail(call.id());
        } catch (InvalidParameter e) {
            return Answer.json(
                    400,
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("codeErreur", "40010")
                            .put("message", e.getMessage()));
        }
    }

    /** Returns the answer to a search that matches no offer, or whose range starts after the last one. */
    static Answer nothingFound() {
        return found(Answer.empty(204), "*/0");
    }

    private Answer search(Map<String, String> parameters) {
        Range range = parameters.containsKey("range")
                ? Range.parse(parameters.get("range"), options.windowCap())
                : Range.DEFAULT;
        Selection selection = base.select(SearchCriteria.parse(parameters, options));
        if (options.shuffleTies()) {
            selection = selection.withTiesRotated(searches.getAndIncrement());
        }
        int total = selection.offers().size();
        if (range.first() >= total) {
            return nothingFound();
        }
        int end = Math.min(range.last() + 1, total);
        List<byte[]> offers = selection.offers().subList(range.first(), end).stream()
                .map(StoredOffer::json)
                .toList();
        SearchBody body = new SearchBody(offers, selection.facets());
        Answer answer = Answer.json(offers.size() == total ? 200 : 206, body.parts());
        return found(answer, "%d-%d/%d".formatted(range.first(), end - 1, total));
    }

    private Answer detail(String id) {
        return base.find(id).map(json -> Answer.json(200, List.of(json))).orElseGet(() -> {
            // The base may contain unusual ids on purpose, so only an id that it does not contain can be malformed.
            if (!ID.matcher(id).matches()) {
                throw new InvalidParameter("Le format de l'identifiant de l'offre est incorrect.");
            }
            return Answer.empty(204);
        });
    }

    private static Answer found(Answer answer, String contentRange) {
        return answer.with("Content-Range", "offres " + contentRange)
                .with("Accept-Range", String.valueOf(Range.MAX_SIZE));
    }
}
