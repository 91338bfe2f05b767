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
 * A cache of rendered Thymeleaf templates, with placeholders for the content of an offer. A template is rendered once
 * for all offers whose pages share everything else, because rendering takes longer than all other work for a page.
 */
@Component
final class TemplateCache {

    /** The character around the name of a placeholder. U+FDD0 is a noncharacter, so no text contains it. */
    private static final String MARK = "\uFDD0";

    /** The bound of the cache. Clients can make up the address of the site, which is part of the key. */
    private static final int MAX_TEMPLATES = 100;

    private final LoadingCache<Key, RenderedTemplate> templates;

    /** @param placeholders the names of the placeholders to fill; in the template, all others are null */
    private record Key(String template, Map<String, Object> shared, Set<String> placeholders) {}

    /** @param pieces the text around the placeholders; there is one piece more than there are placeholders */
    private record RenderedTemplate(List<byte[]> pieces, List<String> placeholders) {

        static RenderedTemplate of(String html) {
            List<byte[]> pieces = new ArrayList<>();
            List<String> placeholders = new ArrayList<>();
            String[] parts = html.split(MARK, -1);
            for (int i = 0; i < parts.length; i++) {
                if (i % 2 == 0) {
                    pieces.add(parts[i].getBytes(UTF_8));
                } else {
                    placeholders.add(parts[i]);
                }
            }
            return new RenderedTemplate(pieces, placeholders);
        }

        List<byte[]> fill(Map<String, String> html) {
            List<byte[]> filled = new ArrayList<>(2 * placeholders.size() + 1);
            filled.add(pieces.get(0));
            for (int i = 0; i < placeholders.size(); i++) {
                filled.add(html.get(placeholders.get(i)).getBytes(UTF_8));
                filled.add(pieces.get(i + 1));
            }
            return filled;
        }
    }

    TemplateCache(ITemplateEngine engine) {
        templates = Caffeine.newBuilder().maximumSize(MAX_TEMPLATES).build(key -> {
            Map<String, Object> variables = new HashMap<>(key.shared);
            key.placeholders.forEach(placeholder -> variables.put(placeholder, MARK + placeholder + MARK));
            return RenderedTemplate.of(engine.process(key.template, new Context(Locale.FRENCH, variables)));
        });
    }

    /**
     * Returns a page as consecutive parts in UTF-8.
     *
     * @param shared the variables of the template that many pages share; must not change afterwards
     * @param html the HTML by placeholder; the template can only insert it and check whether it is null
     */
    List<byte[]> fill(String template, Map<String, Object> shared, Map<String, String> html) {
        return templates
                .get(new Key(template, shared, Set.copyOf(html.keySet())))
                .fill(html);
    }
}
