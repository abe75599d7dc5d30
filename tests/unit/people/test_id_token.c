#include "hub/people/id_token.h"

#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "tests/unit/base/run.h"

#include <string.h>

/* Keys and tokens of python3-cryptography; the private keys are gone. Now is 2023-12-05T01:03:20Z, a token's life 01:00 to 01:10. */
static const char keys_text[] =
        "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"r\",\"use\":\"sig\",\"alg\":\"RS256\",\"n\":"
        "\"ye7wxTlJz06yuut1JzkEzKKcHcn"
        "Vqy1p5uoj0uHIjkD-edExs2RlfXYsPWkrmJEWlGu0Fs42krOsIMH904emFdSGtC4oOvzTe76CCv-J3lRAacTGLNKqw"
        "jF2xN8R7-_jfkOwZng0ZGWrhL0ckX_Z47-5CT4KafsnUah0h-GW7js8GIzHj3BAwjUGsYpVDiTPb-7QkECGTOibfY2"
        "Rx-9U7F67ZvGKcdO4Q0mUOKdRDErbRIXoiik1bxWSarWzAiMVwwLhCHjWOUi2xGErW-geZW_AGebSJj1I6yucLQhP3"
        "oFaYzcWAhSpxHPYvNVCpQTXUslbUkAxJDyRA-VYP9Pq5Q\",\"e\":\"AQAB\"},{\"kty\":\"EC\",\"kid\":\"e\",\"crv\":\"P-"
        "256\",\"x\":\"sLXnNUCAY4Tku1i-9_t61S5hnOJPBpyVmzHV_PNzf4o\",\"y\":\"olPCzHt47lpWbVdiEGbWloFcYguhCd"
        "x4YBaIsZTf1pY\"},{\"kty\":\"RSA\",\"kid\":\"w\",\"n\":\"6BpnHPYJ015aqtO-u-1_c8bBh-oqZlLmqqKUWMCaFykeab"
        "keI2R_xSCeYLAGu31ogrCa7fGUQkdM42auXxizRpyPNuBoOVlQnN-0glhwh8adHahWmnW-fI0hJqbNtI65iH_jR-gV"
        "YTv-q0KbOKqpD9UIQU7BMZBNMTdjH3zCeBU\",\"e\":\"AQAB\"}]}";

static const IdTokenWanted wanted = { "https://issuer.example", "hub", "n-1", 1701738200000 };

typedef struct {
        const char *what, *token;
} Case;

static const Case good[] = {
        { "RS256 by name", "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiaHV"
                           "iIiwiZXhwIjoxNzAxNzM4NjAwLCJpYXQiOjE3MDE3MzgwMDAsIm5vbmNlIjoibi0xIiwicHJlZmVycmVkX3VzZXJuY"
                           "W1lIjoibGluIiwiZ3JvdXBzIjpbImh1Yi1kZXNrIl19.HycNlRXN57kEotD1VugZN9-FmVWBWxG3ylgj-r8uSxO8Kb"
                           "hiTtNsDrgq0iGU7gvnGtQXy6j2yp6vgc5opWGhg_nZsX6LTnwhax4yD7AHXPcS-MkR6fD9XdDqaYNKOky4OQC6gip0"
                           "ASe_XAswIqa2QHrCAdivQDwhwuQIBuWcfprg1tZiiG3Rs1QxI0gkdEoZuVLPEluCheQF2oo6WerksDqeFbatTNlvQw"
                           "JDklsIZ2KGojFEUZbmTpCfEc3tL8hfNKL02rf_rKpNI-93Qbo4i7ppgFIc-GqYFXjnu85lGXPWXeWPqwYh4eoQit_d"
                           "hdKi-FErpa2w_T9IJ_Ulo5_oDA" },
        { "ES256", "eyJhbGciOiJFUzI1NiIsImtpZCI6ImUifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiaHV"
                   "iIiwiZXhwIjoxNzAxNzM4NjAwLCJpYXQiOjE3MDE3MzgwMDAsIm5vbmNlIjoibi0xIiwicHJlZmVycmVkX3VzZXJuY"
                   "W1lIjoibGluIiwiZ3JvdXBzIjpbImh1Yi1kZXNrIl19.sJbXz_P6f3NsGWaXep8U2eNiIfro8RO9iNrqTihG79GmqW"
                   "Kwiw_gs-mcj6ZcQ2qFKrlU3TqiS5VEq2R7RRYSNg" },
        { "without a key's name",
          "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiaHViIiwiZXhwIjoxN"
          "zAxNzM4NjAwLCJpYXQiOjE3MDE3MzgwMDAsIm5vbmNlIjoibi0xIiwicHJlZmVycmVkX3VzZXJuYW1lIjoibGluIiw"
          "iZ3JvdXBzIjpbImh1Yi1kZXNrIl19.WVvIXfBsDJPVMRhHjaqpgvz4ndUKzAQkJTXVYwo3mnvHlniO5VAoL2TijokW"
          "GW8q2G7E-hh6WTI5TvfyeGENxqZ6W486uX7UxRP7nb5E4lgAWLrAAaM8FRxfo2EJYyOxEiNcyfZhuL8SXuEjKs8sMl"
          "NXEu2ImUELuLk8DrYRh-WIVqco4n3Aaek3jPKs_h7_j6i_LnJmBxsyX0NxQ5zoM48LwoMUVeO6krEirW_OPT_Y5tqo"
          "qGCiEr4dOH-vOAnGnzNC6ckgKjY7F1K56aLYzLYZgRJxjUB-IZkr4O_jGu9dOO8NKVfygLWpZjllYx2mXBJa5-meW6"
          "-jVYcYffFxMw" },
        { "for two, asked for by us",
          "eyJhbGciOiJFUzI1NiIsImtpZCI6ImUifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjpbIm9"
          "0aGVyIiwiaHViIl0sImV4cCI6MTcwMTczODYwMCwiaWF0IjoxNzAxNzM4MDAwLCJub25jZSI6Im4tMSIsInByZWZlc"
          "nJlZF91c2VybmFtZSI6ImxpbiIsImdyb3VwcyI6WyJodWItZGVzayJdLCJhenAiOiJodWIifQ.G7_IEHiCp5H76f6y"
          "iNdsWO0tK_skrP3peVTQIWX3zqbLKeqO7ssUcolBIUHO93FpgmMXclDG4iL8FYFu9fQMew" },
};

static const Case bad[] = {
        { "no signature", "eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiaHViIiwiZXhwIjoxNz"
                          "AxNzM4NjAwLCJpYXQiOjE3MDE3MzgwMDAsIm5vbmNlIjoibi0xIiwicHJlZmVycmVkX3VzZXJuYW1lIjoibGluIiwi"
                          "Z3JvdXBzIjpbImh1Yi1kZXNrIl19." },
        { "a secret of the public key",
          "eyJhbGciOiJIUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiaHV"
          "iIiwiZXhwIjoxNzAxNzM4NjAwLCJpYXQiOjE3MDE3MzgwMDAsIm5vbmNlIjoibi0xIiwicHJlZmVycmVkX3VzZXJuY"
          "W1lIjoibGluIiwiZ3JvdXBzIjpbImh1Yi1kZXNrIl19.P6Z8lNragEAFBzkFq4QSBjieA5bTp2mOErJhaWnhz0s" },
        { "a key of 1024 bits",
          "eyJhbGciOiJSUzI1NiIsImtpZCI6IncifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiaHV"
          "iIiwiZXhwIjoxNzAxNzM4NjAwLCJpYXQiOjE3MDE3MzgwMDAsIm5vbmNlIjoibi0xIiwicHJlZmVycmVkX3VzZXJuY"
          "W1lIjoibGluIiwiZ3JvdXBzIjpbImh1Yi1kZXNrIl19.jyTlXbprI4ZczVV5vXDzu18J_n4vZ30tXo7rU1-qN-ehJR"
          "YsTddKy2Kk0WwynL6D8YKk0ky0GdWDbSWHpsJuVYD43ZDFkrp_wbmOmcIkkUwd8ItKMlTfeIWrQXwlaCSnJHVor6cf"
          "qhQC3Zd0YdlVVAaTarz_CS8n0bQMra_YQ3k" },
        { "another kind of key",
          "eyJhbGciOiJSUzI1NiIsImtpZCI6ImUifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiaHV"
          "iIiwiZXhwIjoxNzAxNzM4NjAwLCJpYXQiOjE3MDE3MzgwMDAsIm5vbmNlIjoibi0xIiwicHJlZmVycmVkX3VzZXJuY"
          "W1lIjoibGluIiwiZ3JvdXBzIjpbImh1Yi1kZXNrIl19.LQ9zoCJJf1dyvnZOHz5IvrR0LffAblIBeIMvuCIUY4Sj2g"
          "SJUuJx4n9fyVL3WaIL9smIy9s-u7i7IU0HEUuUCieiMZ36-y9Bl8uW1MhsqOybhzMDA5J4drrqRLH2e0Vb5sefjHyE"
          "SXnTvHWMQuXKoVVDvw5PVNitu69xScgaCc_mFXYPGB1U41ZZDbC95asmOjoiTuXJ5fTRVyMNiFOMr1OfXXvoyOcaY1"
          "Q0ZASGufwqg3RbliFlqsPNP2s4xJmngEW5Xs5jIyUHhzwlBJz3EZa4IkVNWYzNhzi9JMc655-2sr4b1Pr2R21ll-_7"
          "FrWNS_9kft_kcGqMu_4sjvAHag" },
        { "a key that is none",
          "eyJhbGciOiJSUzI1NiIsImtpZCI6Inp6In0.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiaH"
          "ViIiwiZXhwIjoxNzAxNzM4NjAwLCJpYXQiOjE3MDE3MzgwMDAsIm5vbmNlIjoibi0xIiwicHJlZmVycmVkX3VzZXJu"
          "YW1lIjoibGluIiwiZ3JvdXBzIjpbImh1Yi1kZXNrIl19.xp9w7GcWFZi1fXeRokl_kI0g5qvggVYS_aegfWEzonZot"
          "8hYGvHsd1VE5Fjl8Q5ghTrZ6aAnSQLcJaribAJjWOnvmh94lBi3VmQ1LEEd8LzQ86f2WrW_F-ayc2rdZn4Iymf5kq-"
          "Vnar4ROKpsxw97UuMX3-6PbzyFNx0eympbCNQIFWQ3hfJ2qkKsJpf8JUHZoyZj0Ee3L3Ic0B4Y9B0cW98M-R_tZ3nd"
          "EQBTEOHclsGH0sLueBWbfQCCImIrro83fU1QMULWF4m2ksRDWYJkNJvnwUrNmbtSgELqzhT_eg20BkU98iFNpPvLrQ"
          "Vi8uVJq8Dyr9EHj8iMYadkzd-Jg" },
        { "another issuer", "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlLyIsImF1ZCI6Imh"
                            "1YiIsImV4cCI6MTcwMTczODYwMCwiaWF0IjoxNzAxNzM4MDAwLCJub25jZSI6Im4tMSIsInByZWZlcnJlZF91c2Vyb"
                            "mFtZSI6ImxpbiIsImdyb3VwcyI6WyJodWItZGVzayJdfQ.hm1Krl3FTetOE0bFKE6gIfGur7hU8-YFgZndeqYKmw2y"
                            "OSrueLt-1YYe-p4Glu5Icv0IRXhzofPAMbtLrZbBk_VYvrTr3Rv3vd-ci7uazdEHh6T17LuZe3nInUU5WCB1jAkDil"
                            "MUwFOEIP4Mb4ac06sFQkFRJL5QdI6z5bvnQSCWde9OiMh1qsWnuYaXOseDd9TNWkCmiASyFAJnCfnzRapiudxTOJh_"
                            "MjUxwXzzshmuGp9CRhPvNEgwyMNmTUn6TogB4NhInPTv2m8PZo6d9QjQUBOE_hnxPHxrk5XmiAbWAfdoZSYv9ROyUa"
                            "USNVvY7Ggkj6RglzHPih7Nbyxbnw" },
        { "another client", "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoib3R"
                            "oZXIiLCJleHAiOjE3MDE3Mzg2MDAsImlhdCI6MTcwMTczODAwMCwibm9uY2UiOiJuLTEiLCJwcmVmZXJyZWRfdXNlc"
                            "m5hbWUiOiJsaW4iLCJncm91cHMiOlsiaHViLWRlc2siXX0.Y3pxVEmd4pv3NaTx-JjHWPE-Njz5iBsAyTwJvwgteS8"
                            "zly4uoxhLCfaGImCtwPSIPXsxEpBPd07sijbC3f10kCJPQr2IzRogw03Jec7cEw8f1Qakyv_0mEupnmn8e1mUyglkD"
                            "uxiZFKKTsouV9ShW-8SuBoajMcSeeHddkwXNCmsJKdo_TPjjl5duNgV-01ImOB7L5sCsiK8OqZZcPX3Hgh9Cks0geG"
                            "CaZbFv6XtKDw0uha34UFlalyAhkpRGyS9Y4gVaBXNK1hVpwphjOfA-lquA7W6AxGdmcKaLLtN23j6UisJ0nyAQpmZX"
                            "wxvvgaW2PwGah7OMOiu4KAbQ066Uw" },
        { "for two, asked for by nobody",
          "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjpbIm9"
          "0aGVyIiwiaHViIl0sImV4cCI6MTcwMTczODYwMCwiaWF0IjoxNzAxNzM4MDAwLCJub25jZSI6Im4tMSIsInByZWZlc"
          "nJlZF91c2VybmFtZSI6ImxpbiIsImdyb3VwcyI6WyJodWItZGVzayJdfQ.tgAFHj5eTIyLlYUuEanneesMMNZgWbbb"
          "0Hvcmy31KE6Z8eNqDzXq_8_rhqWkm1osxEFAB5c-U9Ck4T79z5RvDw2A1uZVF_u_mQLvFnuwjbshwN-Mbw5lr4VfnU"
          "SDfsNoR3ZX6UwFww4yyk50zaI1o9xlKEloH3N3CFh8FQbCp6v7uJnvMyX40bn7oMTyiPhhzlbLw0KBmD-p-A2RtnB_"
          "Tsnv8bDTGeDexdfq1dG8MfI0KNGm9PVYf3yLAQowfrRvQM_dEFTJisHH70Lar6Q6tun2U-bqZPjuiDBLa9Mc9815Ib"
          "J53tcYBVVFoll1L-_SBNlZxw8MtXcTWO3QbkH4xg" },
        { "asked for by another",
          "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiaHV"
          "iIiwiZXhwIjoxNzAxNzM4NjAwLCJpYXQiOjE3MDE3MzgwMDAsIm5vbmNlIjoibi0xIiwicHJlZmVycmVkX3VzZXJuY"
          "W1lIjoibGluIiwiZ3JvdXBzIjpbImh1Yi1kZXNrIl0sImF6cCI6Im90aGVyIn0.OWpd488OZL6zTjEKqDqokbwt7EB"
          "Emv1FXfSC5dA8yANu_HTXqA0zyCFcDm8RqfLI3c4XdZ1gZVXKVrCFWQm3Y8wDfAA3fwZ3bKPco3yxHPAQAsC3Wg5w4"
          "alRXJEbV0FKeUKXNPhWdTDNmmYKKin66pHdDiMSDNnON7khejkFMvgVFiZWIWoN-rx_1c733prZLRz6EbJbQX62e1m"
          "KI7aTeD_v8naTlgGpxD4x7lryd4jNRZNQpEs4LofJpwFAAIQcKT8JcmkYN2wyreCQt0oGR09IlIp2MVR_cdIlzi1ST"
          "cNGm8Zsz8EMpOUGMY6ZoLW6MxXvavMj8GW3X_zMc9zrmw" },
        { "too old", "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiaHV"
                     "iIiwiZXhwIjoxNzAxNzM4MTAwLCJpYXQiOjE3MDE3MzgwMDAsIm5vbmNlIjoibi0xIiwicHJlZmVycmVkX3VzZXJuY"
                     "W1lIjoibGluIiwiZ3JvdXBzIjpbImh1Yi1kZXNrIl19.bvWiQfxATP0MBwHnrR3p7Dj6JRk5qvlG-MWFKRdhjlGNa2"
                     "bIDSEOhQwkjLqPawE3x3jv2ZttYhl07ppXNee7YIOE2Ss34CLyhI6q7jeFtBWRxvsPCPAUHFog6lH9LuDy7XZjUTSg"
                     "d6l8w_ASkngLwJ-wiWGX1xZ2CBct2ccO_x8M6l7NXmx7ayCwn05o7jyXcTarbADgBqxFykfx1LCqgbIgvybKDql9m2"
                     "4ndS6_VVA2qgQeXva8leC_9AgZ0RPkJkTleWiRmB4rM9ORaSlt0nalTnSUSARiTqIrBk0VQ-uVhAZgqh4CkbSvTCd9"
                     "KmdKQbXRgXdIhWA5eioAY8yxnw" },
        { "without an end", "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiaHV"
                            "iIiwiaWF0IjoxNzAxNzM4MDAwLCJub25jZSI6Im4tMSIsInByZWZlcnJlZF91c2VybmFtZSI6ImxpbiIsImdyb3Vwc"
                            "yI6WyJodWItZGVzayJdfQ.XD8OtNADz_cu-BHm3bP00s8dhxPb8ySEBNZxW7yqaa_qMvTOUdPMTH5tgPZDUpO3T7Ej"
                            "YJh5NoskJ-9k1on6gPfr8_-IrdnK1YN_sJuDDFyGS0I8fjT94BRd8E8jIXIIdVdQuJN--TvB364bwtojx-tKeIjcbq"
                            "iscGWqbGqNgHrALiH0LWJAt81a33pXyN6vNrtRUbb5Tu3UArjk-Et3RFVViWdUOeNhE2rDlARvKOVaBUJ2XwrGMaog"
                            "Ui-LwMV5nDShoP4J4Pq7ESOMA1ALKIjYs_lVWUleKIYCvAlXHF0T2IQK5c-_LI74gd-jIpS8MNekPuh8xEiinjFVrf"
                            "UUDw" },
        { "of the future", "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiaHV"
                           "iIiwiZXhwIjoxNzAxNzM4NjAwLCJpYXQiOjE3MDE3MzkwMDAsIm5vbmNlIjoibi0xIiwicHJlZmVycmVkX3VzZXJuY"
                           "W1lIjoibGluIiwiZ3JvdXBzIjpbImh1Yi1kZXNrIl19.G3YXiMn22BW2_QCzlqbCopMiWEwRDwgs1RlnKQ5K18fj2q"
                           "Vg-6yHPw6GmCwktL7cz58htQCaeHEBMGGHgZmTNi4HAtCudIQZ0SZNbTmdAo7c8h4rCAVutSE3VMTRf_FT9nzGhupH"
                           "T3wg3ToIq_3j1x2lg81trhatvTd9s2Mxz1LXCda3fkY8n7vcJNXNGrleqha15wZfNbR5AVfLg8SL4l_krd43gmaVGA"
                           "5oO3s0BYXLlPthADQZ4cep04sAuawfGDCWUu1GJvlJG9wKZsvYR3SAp4Yq_huMgjq5kR9qaPkXHCahaMNxQJCNvLdM"
                           "yaDOFEBcQsEdor1kte7e50y4zg" },
        { "another login", "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiaHV"
                           "iIiwiZXhwIjoxNzAxNzM4NjAwLCJpYXQiOjE3MDE3MzgwMDAsIm5vbmNlIjoibi0yIiwicHJlZmVycmVkX3VzZXJuY"
                           "W1lIjoibGluIiwiZ3JvdXBzIjpbImh1Yi1kZXNrIl19.vBtCmr4vdi4VLQK_91X35n7sIHvbfSFbD8ITCXkBvnLYia"
                           "0IFkz2XJJqYokWGgbafJ_wj9ga-G-K-Zg2OfKOvvruEUsvZYxH0xbwVDwvAL5As1dn2cKXcSyg_OGgbRUswEhUw_0w"
                           "_X50fR4Y-_51hnPtO7oVyCp51FrNDJqLNCBYBp-jnkSUmsOYAQrfEXmyp-efxyfpno6a3caLYuDn2Ps12O6WHYoO72"
                           "IOcvtf4mSOQ9S3TP2oNwkzuG1vicZz0TIR0Ngrh7oZEvZKp2HDanohIX4HBvRUG8w1BdJO_IhElKfVJchv57ctu7ej"
                           "4ibsrHtPxSpPsj0vo4AHtlUN0Q" },
        { "without a nonce",
          "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiaHV"
          "iIiwiZXhwIjoxNzAxNzM4NjAwLCJpYXQiOjE3MDE3MzgwMDAsInByZWZlcnJlZF91c2VybmFtZSI6ImxpbiIsImdyb"
          "3VwcyI6WyJodWItZGVzayJdfQ.OaAs8PrkXl7lvgyWKji1L1x1Gkqp5hh_fL9rwwfbTmgm7yf5NeNVT-RROe3cFnD8"
          "as-SQnRy9GB8CR7wUvl-l6AYf67SNN3LdQyCp1-smJ7iSSSZBXEUkTC--RXo087f2lBtMcVwkDrCZnTrZ0dXH8e9Sp"
          "kVGqXxm4xoJ1gJVbJr4ntaxFOywfB_Sy4wDufF-oXlDkEkxKez5nCVZ9YnyzuI1TvsPYZWmgcDW20sKnDZPmKYd1_n"
          "UkjCVnsihrhniSbNDwn6tD0QjwiPQ6V8UY2bRpl4251WfFRO-dMNs7eJTeTeMVf1oDieDh7L3Vun7cM4feu_NwvtCC"
          "l1HADWwQ" },
        { "another body under its signature",
          "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiaHV"
          "iIiwiZXhwIjoxNzAxNzM4NjAwLCJpYXQiOjE3MDE3MzgwMDAsIm5vbmNlIjoibi0xIiwicHJlZmVycmVkX3VzZXJuY"
          "W1lIjoibGluIiwiZ3JvdXBzIjpbImh1Yi1kZXNrIlfQ.HycNlRXN57kEotD1VugZN9-FmVWBWxG3ylgj-r8uSxO8Kb"
          "hiTtNsDrgq0iGU7gvnGtQXy6j2yp6vgc5opWGhg_nZsX6LTnwhax4yD7AHXPcS-MkR6fD9XdDqaYNKOky4OQC6gip0"
          "ASe_XAswIqa2QHrCAdivQDwhwuQIBuWcfprg1tZiiG3Rs1QxI0gkdEoZuVLPEluCheQF2oo6WerksDqeFbatTNlvQw"
          "JDklsIZ2KGojFEUZbmTpCfEc3tL8hfNKL02rf_rKpNI-93Qbo4i7ppgFIc-GqYFXjnu85lGXPWXeWPqwYh4eoQit_d"
          "hdKi-FErpa2w_T9IJ_Ulo5_oDA" },
        { "two parts", "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiaHV"
                       "iIiwiZXhwIjoxNzAxNzM4NjAwLCJpYXQiOjE3MDE3MzgwMDAsIm5vbmNlIjoibi0xIiwicHJlZmVycmVkX3VzZXJuY"
                       "W1lIjoibGluIiwiZ3JvdXBzIjpbImh1Yi1kZXNrIl19" },
        { "four parts", "eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiaHV"
                        "iIiwiZXhwIjoxNzAxNzM4NjAwLCJpYXQiOjE3MDE3MzgwMDAsIm5vbmNlIjoibi0xIiwicHJlZmVycmVkX3VzZXJuY"
                        "W1lIjoibGluIiwiZ3JvdXBzIjpbImh1Yi1kZXNrIl19.HycNlRXN57kEotD1VugZN9-FmVWBWxG3ylgj-r8uSxO8Kb"
                        "hiTtNsDrgq0iGU7gvnGtQXy6j2yp6vgc5opWGhg_nZsX6LTnwhax4yD7AHXPcS-MkR6fD9XdDqaYNKOky4OQC6gip0"
                        "ASe_XAswIqa2QHrCAdivQDwhwuQIBuWcfprg1tZiiG3Rs1QxI0gkdEoZuVLPEluCheQF2oo6WerksDqeFbatTNlvQw"
                        "JDklsIZ2KGojFEUZbmTpCfEc3tL8hfNKL02rf_rKpNI-93Qbo4i7ppgFIc-GqYFXjnu85lGXPWXeWPqwYh4eoQit_d"
                        "hdKi-FErpa2w_T9IJ_Ulo5_oDA.x" },
        { "nothing", "" },
};

START_TEST(what_the_issuer_signed_for_this_login_is_believed)
{
        Error err = { 0 };
        CLEANUP(json_drop) json_t *keys = json_read_typed(keys_text, strlen(keys_text), &err);

        ck_assert_msg(keys != NULL, "%s", err.text);
        for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
                CLEANUP(json_drop) json_t *claims = id_token_read(good[i].token, keys, &wanted, &err);

                ck_assert_msg(claims != NULL, "%s: %s", good[i].what, err.text);
                ck_assert_str_eq(json_text(claims, "preferred_username"), "lin");
        }
}
END_TEST

START_TEST(all_else_is_not)
{
        Error err = { 0 };
        CLEANUP(json_drop) json_t *keys = json_read_typed(keys_text, strlen(keys_text), &err);

        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
                CLEANUP(json_drop) json_t *claims = NULL;

                err = (Error){ 0 };
                claims = id_token_read(bad[i].token, keys, &wanted, &err);
                ck_assert_msg(claims == NULL, "%s", bad[i].what);
                ck_assert_int_eq(err.kind, ERR_INPUT);
        }
}
END_TEST

RUN("id_token", what_the_issuer_signed_for_this_login_is_believed, all_else_is_not)
