package fr.relais.licence;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.commons.csv.CSVPrinter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishedCsvTest {

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+33", "-1", "@sum", "\tx", "\rx", "'already"})
    void a_text_that_starts_like_a_formula_or_with_an_apostrophe_is_prefixed_with_an_apostrophe(String text) {
        assertThat(PublishedCsv.escapeFormula(text)).isEqualTo("'" + text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "123ABCD", "été", "a=b", " =1"})
    void any_other_text_stays_as_it_is(String text) {
        assertThat(PublishedCsv.escapeFormula(text)).isEqualTo(text);
    }

    @Test
    void records_have_the_semicolons_quotes_and_line_ends_that_spreadsheets_expect() throws Exception {
        StringBuilder text = new StringBuilder();
        try (CSVPrinter printer = PublishedCsv.printer(text)) {
            printer.printRecord("a;b", "say \"c\"", "", 7);
        }

        assertThat(text).hasToString("\"a;b\";\"say \"\"c\"\"\";;7\r\n");
    }
}
