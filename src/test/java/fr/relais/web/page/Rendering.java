package fr.relais.web.page;

import fr.relais.licence.Mentions;
import fr.relais.web.Json;
import fr.relais.web.OperatorLink;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.springframework.context.support.ResourceBundleMessageSource;
import org.thymeleaf.spring6.SpringTemplateEngine;
import org.thymeleaf.templateresolver.ClassLoaderTemplateResolver;

/** A renderer of offer pages and fragments that needs no server. */
final class Rendering {

    static final String TAG = "at_medium=partner&at_offer={id}";

    private final TemplateCache templates;

    Rendering() {
        SpringTemplateEngine engine = new SpringTemplateEngine();
        ResourceBundleMessageSource messages = new ResourceBundleMessageSource();
        messages.setBasename("fr/relais/messages");
        messages.setDefaultEncoding("UTF-8");
        engine.setMessageSource(messages);
        engine.setEnableSpringELCompiler(true);
        ClassLoaderTemplateResolver resolver = new ClassLoaderTemplateResolver();
        resolver.setPrefix("templates/");
        resolver.setSuffix(".html");
        resolver.setCharacterEncoding("UTF-8");
        engine.setTemplateResolver(resolver);
        templates = new TemplateCache(engine);
    }

    /** Returns the page as the server sends it. */
    String page(String id, String json) {
        return render("offre", id, json);
    }

    /** Returns the page as a browser parses it. */
    Document document(String id, String json) {
        return Jsoup.parse(page(id, json));
    }

    String fragment(String id, String json) {
        return render("offre-fragment", id, json);
    }

    private String render(String template, String id, String json) {
        OperatorLink link = new OperatorLink(TAG);
        Json tree = Json.parse(json);
        Map<String, String> html = OfferPage.of(id, tree, link).html();
        JobPosting.of(id, tree, "https://relais.example/offres/" + id)
                .ifPresent(posting -> html.put("jobPosting", posting));
        Map<String, Object> shared = Map.of(
                "mentions",
                Mentions.of(
                        Instant.EPOCH,
                        Optional.of("2"),
                        "https://licence.example/",
                        "https://relais.example/modifications"),
                "robots",
                "noarchive",
                "stale",
                false,
                "staleHours",
                24,
                "site",
                "https://relais.example",
                "hasLogo",
                true);
        return templates.fill(template, shared, html).stream()
                .map(part -> new String(part, StandardCharsets.UTF_8))
                .collect(Collectors.joining());
    }
}
