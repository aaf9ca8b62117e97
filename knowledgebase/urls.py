"""The pages of the knowledge base."""

from django.urls import path

from knowledgebase.views import editing, hearing, images, listing, moving, reading

app_name = "knowledge"

MOVES = [
    ("submit", moving.submit),
    ("send-back", moving.send_back),
    ("publish", moving.publish),
    ("new-version", moving.new_version),
    ("restore", moving.restore),
    ("discard", moving.discard),
    ("retire", moving.retire),
    ("rename", moving.rename),
    ("hand-over", moving.hand_over),
    ("confirm-review", moving.confirm_review),
]

urlpatterns = [
    path("", listing.articles, name="articles"),
    path("new/", editing.draft, name="draft"),
    path("preview/", editing.preview, name="preview"),
    path("images/", images.add, name="add_image"),
    path("images/<int:pk>/", images.image, name="image"),
    path("reviews/", listing.reviews, name="reviews"),
    path("asked/", hearing.asked, name="asked"),
    path("feedback/<int:pk>/", hearing.handle, name="handle"),
    path("<slug:slug>/", reading.article, name="article"),
    path("<slug:slug>/edit/", editing.edit, name="edit"),
    path("<slug:slug>/versions/", reading.versions, name="versions"),
    path("<slug:slug>/versions/<int:number>/", reading.version, name="version"),
    path("<slug:slug>/helped/", hearing.helped, name="helped"),
    path("<slug:slug>/not-helpful/", hearing.not_helpful, name="not_helpful"),
    *(
        path(f"<slug:slug>/{name}/", view, name=name.replace("-", "_"))
        for name, view in MOVES
    ),
]
