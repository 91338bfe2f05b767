package fr.relais.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.io.IOException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallCountsTest {

    private final CallCounts counts = new CallCounts();
    private final ExecChain chain = mock();

    @ParameterizedTest
    @CsvSource({"206, 206", "429, 429", "418, other"})
    void a_call_counts_under_the_status_of_its_answer(int status, String counted) throws Exception {
        when(chain.proceed(any(), any())).thenReturn(new BasicClassicHttpResponse(status));

        counts.execute(null, null, chain);

        assertThat(CallCounts.STATUSES)
                .allSatisfy(any -> assertThat(counts.count(any)).isEqualTo(any.equals(counted) ? 1 : 0));
    }

    @Test
    void a_call_without_an_answer_counts_as_none() throws Exception {
        when(chain.proceed(any(), any())).thenThrow(new IOException("no answer"));

        assertThatThrownBy(() -> counts.execute(null, null, chain)).isInstanceOf(IOException.class);

        assertThat(counts.count("none")).isEqualTo(1);
    }
}
