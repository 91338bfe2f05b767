package fr.relais.source;

import fr.relais.database.UtcTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The fields that the records of the source have, in the table {@code source_field}. A sweep looks at two records of
 * each page and at each record that is set aside, and stores what it found when it has ended.
 */
public final class SourceShape {

    private static final Duration KEEP = Duration.ofDays(400);

    private final JdbcClient jdbc;
    private final Clock clock;
    private final Set<SourceField> observed = ConcurrentHashMap.newKeySet();
    private final AtomicInteger pages = new AtomicInteger();

    public SourceShape(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Looks at the longest record of a page, which probably has the most fields, and at another one. */
    public void observe(Page page) {
        page.setAside().forEach(record -> add(record.fields()));
        ReceivedOffer longest = null;
        for (ReceivedOffer offer : page.offers()) {
            longest = longest == null || offer.length() > longest.length() ? offer : longest;
        }
        if (longest != null) {
            add(fields(longest));
            add(fields(page.offers()
                    .get(Math.floorMod(pages.getAndIncrement(), page.offers().size()))));
        }
    }

    private static Set<SourceField> fields(ReceivedOffer offer) {
        return SourceField.of(offer.page(), offer.offset(), offer.length());
    }

    private void add(Set<SourceField> fields) {
        for (SourceField field : fields) {
            if (observed.size() < SourceField.MAX_PATHS || field.path().equals(SourceField.OTHER)) {
                observed.add(field);
            }
        }
    }

    /** Stores the fields that this process has observed since it last stored fields. If this fails, it keeps them. */
    public void save() {
        List<SourceField> fields = List.copyOf(observed);
        if (fields.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        List<Object> parameters = new ArrayList<>();
        Set<SourceField> known = limited(fields);
        LocalDateTime time = UtcTime.of(now);
        known.forEach(field ->
                Collections.addAll(parameters, field.path(), field.type().toString(), time, time));
        jdbc.sql("insert into source_field (path, type, first_seen_at, last_seen_at) values "
                        + String.join(", ", Collections.nCopies(known.size(), "(?, ?, ?, ?)"))
                        + " on duplicate key update last_seen_at = values(last_seen_at)")
                .params(parameters)
                .update();
        observed.removeAll(fields);
        jdbc.sql("delete from source_field where last_seen_at < :before")
                .param("before", UtcTime.of(now.minus(KEEP)))
                .update();
    }

    /** Replaces new paths by {@link SourceField#OTHER} when the table has the maximum number of paths. */
    private Set<SourceField> limited(List<SourceField> fields) {
        Set<String> paths = new HashSet<>(jdbc.sql("select distinct path from source_field")
                .query(String.class)
                .list());
        Set<SourceField> limited = new LinkedHashSet<>();
        for (SourceField field : fields) {
            boolean isKnown = paths.contains(field.path()) || paths.size() < SourceField.MAX_PATHS;
            if (isKnown) {
                paths.add(field.path());
            }
            limited.add(isKnown ? field : new SourceField(SourceField.OTHER, field.type()));
        }
        return limited;
    }
}
