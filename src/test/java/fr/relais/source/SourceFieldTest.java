package fr.relais.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SourceFieldTest {

    @Test
    void fields_are_paths_of_names_with_types() {
        assertThat(fields("""
                {"id": "7", "entreprise": {"nom": "x", "logo": null}, "competences": [{"libelle": "y"}, {"n": 1.5}],
                 "langues": ["fr", 1], "vide": [], "tableaux": [[true]], "accessibleTH": false}"""))
                .containsExactly(
                        "id string",
                        "entreprise object",
                        "entreprise.nom string",
                        "entreprise.logo null",
                        "competences array",
                        "competences[] object",
                        "competences[].libelle string",
                        "competences[].n number",
                        "langues array",
                        "langues[] string",
                        "langues[] number",
                        "vide array",
                        "tableaux array",
                        "tableaux[] array",
                        "tableaux[][] boolean",
                        "accessibleTH boolean");
    }

    @Test
    void names_that_may_be_content_are_not_kept() {
        String longName = "a".repeat(101);

        String record = """
                {"123ABCD": 1, "Jean Dupont": "x", "é": {"a": [1]}, "": true, "a.b": null, "%s": 1, "ok": 1}""";

        assertThat(fields(record.formatted(longName)))
                .containsExactly(
                        "(other) number",
                        "(other) string",
                        "(other) object",
                        "(other) array",
                        "(other) boolean",
                        "(other) null",
                        "ok number");
    }

    @Test
    void a_record_that_is_no_json_has_the_fields_before_the_mistake() {
        assertThat(fields("{\"a\": 1, \"b\" 2}")).containsExactly("a number");
        assertThat(fields("[1, {\"a\": 1}]")).containsExactly("[] number", "[] object", "[].a number");
        assertThat(fields("7")).isEmpty();
    }

    @Test
    void a_record_with_very_many_fields_has_a_limited_number() {
        StringBuilder record = new StringBuilder("{\"first\": 1");
        for (int i = 0; i < 1_000; i++) {
            record.append(", \"field").append(i).append("\": 1");
        }

        assertThat(fields(record + "}")).hasSize(SourceField.MAX_PATHS);
    }

    private static List<String> fields(String json) {
        byte[] page = (" " + json + " ").getBytes(UTF_8);
        return SourceField.of(page, 1, page.length - 2).stream()
                .map(field -> field.path() + " " + field.type())
                .toList();
    }
}
