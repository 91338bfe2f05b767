package fr.relais.web.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;

/**
 * Thymeleaf's templates with gaps where something of an offer goes. Each is rendered once for all offers whose pages differ in nothing else, for
 * rendering takes longer than all that is done for the offer itself.
 */
@Component
final class Frames {

    /** Around the name of a gap. It is no character, so nothing else has it. */
    private static final String MARK = "\uFDD0";

    /** The address of the site may be what a client says it is. */
    private static final int MOST = 100;

    private final LoadingCache<Key, Frame> frames;

    /** @param gaps those that are to be filled; to the template the others are null */
    private record Key(String template, Map<String, Object> shared, Set<String> gaps) {}

    /** @param pieces what stands between the gaps, one more than these */
    private record Frame(List<byte[]> pieces, List<String> gaps) {

        static Frame of(String html) {
            List<byte[]> pieces = new ArrayList<>();
            List<String> gaps = new ArrayList<>();
            String[] parts = html.split(MARK, -1);
            for (int i = 0; i < parts.length; i++) {
                if (i % 2 == 0) {
                    pieces.add(parts[i].getBytes(UTF_8));
                } else {
                    gaps.add(parts[i]);
                }
            }
            return new Frame(pieces, gaps);
        }

        List<byte[]> fill(Map<String, String> html) {
            List<byte[]> filled = new ArrayList<>(2 * gaps.size() + 1);
            filled.add(pieces.get(0));
            for (int i = 0; i < gaps.size(); i++) {
                filled.add(html.get(gaps.get(i)).getBytes(UTF_8));
                filled.add(pieces.get(i + 1));
            }
            return filled;
        }
    }

    Frames(ITemplateEngine engine) {
        frames = Caffeine.newBuilder().maximumSize(MOST).build(key -> {
            Map<String, Object> variables = new HashMap<>(key.shared);
            key.gaps.forEach(gap -> variables.put(gap, MARK + gap + MARK));
            return Frame.of(engine.process(key.template, new Context(Locale.FRENCH, variables)));
        });
    }

    /**
     * A page in UTF-8, in parts.
     *
     * @param shared variables of the template, the same on many pages; not to be changed any more
     * @param html by the name of the gap; the template can place it and ask whether it is null, and nothing else
     */
    List<byte[]> fill(String template, Map<String, Object> shared, Map<String, String> html) {
        return frames.get(new Key(template, shared, Set.copyOf(html.keySet()))).fill(html);
    }
}
