package fr.relais.routes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Language;
import org.apache.camel.tooling.model.JsonMapper;
import org.apache.camel.tooling.model.LanguageModel;

/** A check of expressions in Camel's simple language. Camel itself reports a mistake without its place. */
final class SimpleText {

    private static final Pattern UNKNOWN_FUNCTION = Pattern.compile("Unknown function: (\\w+)");
    private static final String FUNCTIONS = "META-INF/org/apache/camel/language/simple/simple.json";

    private SimpleText() {}

    /** Makes sure that Camel can parse an expression. */
    static void require(CamelContext camel, String text, boolean isPredicate, Place place) {
        try {
            Language simple = camel.resolveLanguage("simple");
            String resolved = camel.resolvePropertyPlaceholders(text);
            if (isPredicate) {
                simple.createPredicate(resolved).initPredicate(camel);
            } else {
                simple.createExpression(resolved).init(camel);
            }
        } catch (RuntimeException e) {
            String message = String.valueOf(e.getMessage());
            Matcher unknown = UNKNOWN_FUNCTION.matcher(message);
            if (unknown.find()) {
                String name = unknown.group(1);
                throw place.mistake(
                        name,
                        "there is no \"" + name + "\" in the simple language",
                        NearestName.remedy(
                                name, functions(camel), "Camel's page about the simple language lists its functions."));
            }
            throw place.mistake(
                    text.lines().findFirst().orElse(text),
                    "the expression " + text.strip() + " cannot be read: "
                            + message.lines().findFirst().orElse(""),
                    "Camel's page about the simple language describes the syntax.");
        }
    }

    /** Returns the names of the functions, without parameters. */
    private static Set<String> functions(CamelContext camel) {
        Set<String> names = new TreeSet<>();
        try (InputStream file = camel.getClassResolver().loadResourceAsStream(FUNCTIONS)) {
            if (file != null) {
                LanguageModel language =
                        JsonMapper.generateLanguageModel(new String(file.readAllBytes(), StandardCharsets.UTF_8));
                language.getFunctions()
                        .forEach(function -> names.add(function.getName().split("[^\\w]")[0]));
            }
        } catch (IOException e) {
            // Without the list, no name is proposed.
        }
        return names;
    }
}
